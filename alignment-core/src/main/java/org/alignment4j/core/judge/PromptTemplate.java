package org.alignment4j.core.judge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;

/**
 * A conversation with placeholders, read from a text file: sections that begin with a line {@code
 * === system ===}, {@code === user ===} or {@code === assistant ===}, and {@code {{name}}} where
 * something is to be put.
 *
 * <p>Which names there are, and which of them hold text under judgement, is fixed by the purpose
 * and not by the file: such text is always fenced, whatever a user's own file says. A file must use
 * every name, {@code {{fence}}} included when anything is fenced, and no other. There are no loops
 * and no conditions, and what is put in is never looked at for placeholders again. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PromptTemplate {
  /** The longest template, in UTF-16 units. */
  public static final int MAX_TEMPLATE_CHARS = 1 << 16;

  /** The longest prompt a template makes, in UTF-16 units. */
  public static final int MAX_PROMPT_CHARS = 1 << 22;

  private static final String FENCE = "fence";
  private static final Pattern SECTION =
      Pattern.compile("=== (system|user|assistant) ===", Pattern.UNICODE_CASE);
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)\\}\\}");

  private record Section(Role role, String text) {}

  private final String text;
  private final List<Section> sections;
  private final Set<String> plain;
  private final Set<String> fenced;

  private PromptTemplate(
      String text, List<Section> sections, Set<String> plain, Set<String> fenced) {
    this.text = text;
    this.sections = sections;
    this.plain = plain;
    this.fenced = fenced;
  }

  /**
   * Reads a template.
   *
   * @param name what to call it in messages, such as its file
   * @param text the template
   * @param plain names that hold text of the program or its user
   * @param fenced names that hold text under judgement
   * @throws DataFormatException if the text is too long, has no section, uses an unknown name or
   *     leaves one out; names the line or the placeholder
   */
  public static PromptTemplate parse(
      String name, String text, Set<String> plain, Set<String> fenced) {
    if (text.length() > MAX_TEMPLATE_CHARS) {
      throw new DataFormatException(
          name,
          0,
          null,
          "a template must have at most "
              + MAX_TEMPLATE_CHARS
              + " characters but has "
              + text.length());
    }
    Set<String> known = new TreeSet<>(plain);
    known.addAll(fenced);
    if (!fenced.isEmpty()) {
      known.add(FENCE);
    }
    List<Section> sections = sections(name, text, known);
    Set<String> used = new HashSet<>();
    for (Section section : sections) {
      Matcher placeholders = PLACEHOLDER.matcher(section.text());
      while (placeholders.find()) {
        used.add(placeholders.group(1));
      }
    }
    for (String needed : known) {
      if (!used.contains(needed)) {
        throw new DataFormatException(
            name,
            0,
            needed,
            "a template must use every placeholder but {{" + needed + "}} is missing; add it");
      }
    }
    return new PromptTemplate(
        text, sections, ImmutableSet.copyOf(plain), ImmutableSet.copyOf(fenced));
  }

  /**
   * Reads a user's own template from a UTF-8 file.
   *
   * @param file the file
   * @param plain names that hold text of the program or its user
   * @param fenced names that hold text under judgement
   * @throws DataFormatException if it is no such template
   * @throws AlignmentException if the file cannot be read
   */
  public static PromptTemplate read(Path file, Set<String> plain, Set<String> fenced) {
    try {
      if (Files.size(file) > 4L * MAX_TEMPLATE_CHARS) {
        throw new DataFormatException(
            file.toString(),
            0,
            null,
            "a template must have at most " + MAX_TEMPLATE_CHARS + " characters but is longer");
      }
      return parse(file.toString(), Files.readString(file, UTF_8), plain, fenced);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the template " + file + ": " + e, e);
    }
  }

  /** Reads a template that comes with this package. */
  static PromptTemplate bundled(String name, Set<String> plain, Set<String> fenced) {
    try (InputStream in = PromptTemplate.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " must be beside this class");
      }
      return parse(name, new String(in.readAllBytes(), UTF_8), plain, fenced);
    } catch (IOException e) {
      throw new AlignmentException("cannot read the template " + name + ": " + e, e);
    }
  }

  private static List<Section> sections(String name, String text, Set<String> known) {
    List<Section> sections = new ArrayList<>();
    Role role = null;
    StringBuilder section = new StringBuilder();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher heading = SECTION.matcher(line.strip());
      if (heading.matches()) {
        if (role != null) {
          sections.add(new Section(role, section.toString().strip()));
        }
        role = Role.of(heading.group(1).toLowerCase(Locale.ROOT));
        section.setLength(0);
      } else if (role != null) {
        checkPlaceholders(name, number, line, known);
        section.append(line).append('\n');
      } else if (!line.isBlank()) {
        throw new DataFormatException(
            name,
            number,
            null,
            "a template must begin with a line '=== system ===' or '=== user ===' but begins"
                + " otherwise");
      }
    }
    if (role == null) {
      throw new DataFormatException(
          name, 0, null, "a template must have a section '=== user ===' but is empty");
    }
    sections.add(new Section(role, section.toString().strip()));
    return List.copyOf(sections);
  }

  private static void checkPlaceholders(String name, int number, String line, Set<String> known) {
    Matcher placeholders = PLACEHOLDER.matcher(line);
    while (placeholders.find()) {
      if (!known.contains(placeholders.group(1))) {
        throw new DataFormatException(
            name,
            number,
            placeholders.group(1),
            "a placeholder must be one of " + known + " but was " + placeholders.group());
      }
    }
    if (placeholders.replaceAll("").contains("{{")) {
      throw new DataFormatException(
          name, number, null, "a placeholder must end with }} in its line but one does not");
    }
  }

  /**
   * A text of others.
   *
   * @param label what the program calls it, such as {@code Debater A, round 1:}
   * @param text the text, to be fenced by itself
   */
  public record Piece(String label, String text) {
    /** Checks that nothing is missing. */
    public Piece {
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(text, "text");
    }
  }

  /** The hash of the template's text, for keys and reports. */
  public ContentHash hash() {
    return ContentHash.of(text);
  }

  /**
   * Makes the prompt.
   *
   * @param values what to put for each name
   * @return the conversation
   * @throws IllegalArgumentException if a value is missing or its name unknown, or the prompt would
   *     be longer than {@link #MAX_PROMPT_CHARS}
   */
  public Prompt.Chat render(Map<String, String> values) {
    return render(values, Map.of());
  }

  /**
   * Makes the prompt with texts that are fenced one by one, each under a label, so that none can
   * pose as the next.
   *
   * @param values what to put for each name that has no pieces
   * @param pieces texts for names that hold text under judgement
   * @return the conversation
   * @throws IllegalArgumentException if a value is missing, its name unknown or given twice, pieces
   *     are given for a name that is not fenced, or the prompt would be longer than {@link
   *     #MAX_PROMPT_CHARS}
   */
  public Prompt.Chat render(Map<String, String> values, Map<String, List<Piece>> pieces) {
    Set<String> names = new TreeSet<>(plain);
    names.addAll(fenced);
    Set<String> given = new TreeSet<>(values.keySet());
    given.addAll(pieces.keySet());
    if (!names.equals(given) || given.size() < values.size() + pieces.size()) {
      throw new IllegalArgumentException(
          "values must be given once for " + names + " but were for " + given);
    }
    if (!fenced.containsAll(pieces.keySet())) {
      throw new IllegalArgumentException(
          "pieces must be for names of " + fenced + " but were for " + pieces.keySet());
    }
    // By name: the order of Map.of differs from process to process, and replies are kept by prompt.
    List<String> texts = new ArrayList<>(new TreeMap<>(values).values());
    new TreeMap<>(pieces).values().forEach(list -> list.forEach(piece -> texts.add(piece.text())));
    Fence fence = Fence.around(texts);
    List<Message> messages = new ArrayList<>();
    int length = 0;
    for (Section section : sections) {
      StringBuilder content = new StringBuilder();
      Matcher placeholders = PLACEHOLDER.matcher(section.text());
      while (placeholders.find()) {
        String value = value(placeholders.group(1), values, pieces, fence);
        length += value.length();
        if (length > MAX_PROMPT_CHARS) {
          throw new IllegalArgumentException(
              "a prompt must have at most "
                  + MAX_PROMPT_CHARS
                  + " characters but would have more; shorten what is to be judged");
        }
        placeholders.appendReplacement(content, Matcher.quoteReplacement(value));
      }
      placeholders.appendTail(content);
      messages.add(new Message(section.role(), content.toString()));
    }
    return Prompt.chat(messages);
  }

  private String value(
      String name, Map<String, String> values, Map<String, List<Piece>> pieces, Fence fence) {
    if (name.equals(FENCE) && !fenced.isEmpty()) {
      return fence.token();
    }
    List<Piece> parts = pieces.getOrDefault(name, List.of());
    if (!parts.isEmpty()) {
      return parts.stream()
          .map(piece -> piece.label() + "\n" + fence.wrap(piece.text()))
          .collect(Collectors.joining("\n\n"));
    }
    String value = values.getOrDefault(name, "");
    return fenced.contains(name) ? fence.wrap(value) : value;
  }
}
