package org.alignment4j.oversight.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.apiguardian.api.API;

/**
 * What a protocol asks of a role, in words that users can replace: a text with {@code {{name}}}
 * where something of the protocol is to be put, such as a letter or a number. Text of others never
 * goes in here. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Wording {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)\\}\\}");
  private static final long MAX_BYTES = 1 << 18;

  private final String text;
  private final Set<String> names;

  private Wording(String text, Set<String> names) {
    this.text = text;
    this.names = Set.copyOf(names);
  }

  /**
   * Reads a wording.
   *
   * @param source what to call it in messages
   * @param text the text
   * @param names the placeholders it may use
   * @throws DataFormatException if it is blank or uses another placeholder; names the line
   */
  public static Wording parse(String source, String text, Set<String> names) {
    if (text.isBlank()) {
      throw new DataFormatException(source, 0, null, "a wording must not be blank");
    }
    int line = 0;
    for (String part : text.split("\n", -1)) {
      line++;
      Matcher matcher = PLACEHOLDER.matcher(part);
      while (matcher.find()) {
        if (!names.contains(matcher.group(1))) {
          throw new DataFormatException(
              source,
              line,
              matcher.group(1),
              "a placeholder must be one of "
                  + new TreeSet<>(names)
                  + " but was "
                  + matcher.group());
        }
      }
    }
    return new Wording(text.strip(), names);
  }

  /** Reads a wording that lies beside a class. */
  public static Wording bundled(Class<?> owner, String name, Set<String> names) {
    return parse(name, Prompts.text(owner, name), names);
  }

  /**
   * Reads a user's own wording from a UTF-8 file.
   *
   * @throws DataFormatException if it is blank, too long or uses another placeholder
   * @throws AlignmentException if the file cannot be read
   */
  public static Wording read(Path file, Set<String> names) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new DataFormatException(
            file.toString(), 0, null, "a wording must have at most " + MAX_BYTES + " bytes");
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8), names);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the wording " + file + ": " + e, e);
    }
  }

  /** The text with its placeholders, for keys and reports. */
  public String text() {
    return text;
  }

  /**
   * Returns the text with values in their places.
   *
   * @throws IllegalArgumentException if a placeholder has no value
   */
  public String render(Map<String, String> values) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder rendered = new StringBuilder();
    while (matcher.find()) {
      String value = values.get(matcher.group(1));
      if (value == null) {
        throw new IllegalArgumentException(
            "placeholder '" + matcher.group(1) + "' must have a value; may be used: " + names);
      }
      matcher.appendReplacement(rendered, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(rendered).toString();
  }
}
