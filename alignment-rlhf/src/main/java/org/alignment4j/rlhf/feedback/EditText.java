package org.alignment4j.rlhf.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Edits of texts, written as text. The pieces of a text are its words with the blanks before them,
 * and blanks at its end; edits of one kind that follow one another share a marker. Immutable.
 *
 * @param markers what stands before the parts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EditText(EditMarkers markers) {

  private static final Pattern PIECE = Pattern.compile("\\s*\\S+|\\s+\\z");

  /**
   * Cuts a text into pieces.
   *
   * @param text any text
   * @return pieces whose concatenation is the text
   */
  public static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    Matcher matcher = PIECE.matcher(text);
    while (matcher.find()) {
      pieces.add(matcher.group());
    }
    return pieces;
  }

  /**
   * Writes a script of pieces of texts without markers.
   *
   * @param script what {@link EditScript#between} gives for {@link #pieces}
   * @return its text, that of {@code parse}
   */
  public String write(EditScript<String> script) {
    StringBuilder text = new StringBuilder();
    StringBuilder by = new StringBuilder();
    String open = "";
    for (Edit<String> edit : script.edits()) {
      String marker = marker(edit);
      if (!marker.equals(open)) {
        close(text, by);
        text.append(marker);
        open = marker;
      }
      if (edit instanceof Edit.Replace<String> replace) {
        text.append(replace.old());
        by.append(replace.piece());
      } else if (edit instanceof Edit.Keep<String> keep) {
        text.append(keep.piece());
      } else if (edit instanceof Edit.Delete<String> delete) {
        text.append(delete.old());
      } else {
        text.append(((Edit.Insert<String>) edit).piece());
      }
    }
    close(text, by);
    return text.toString();
  }

  private void close(StringBuilder text, StringBuilder by) {
    if (!by.isEmpty()) {
      text.append(markers.by()).append(by);
      by.setLength(0);
    }
  }

  private String marker(Edit<String> edit) {
    if (edit instanceof Edit.Keep<String>) {
      return markers.keep();
    }
    if (edit instanceof Edit.Replace<String>) {
      return markers.replace();
    }
    return edit instanceof Edit.Delete<String> ? markers.delete() : markers.insert();
  }

  /**
   * Reads a script.
   *
   * @param text what {@link #write} gives, or a model wrote
   * @return the script
   * @throws IllegalArgumentException when the text does not begin with a marker of an edit, a
   *     replacement has not as many old pieces as new ones, or a marker is where none can be
   */
  public EditScript<String> parse(String text) {
    List<Edit<String>> edits = new ArrayList<>();
    List<String> parts = split(text);
    if (!parts.get(0).isBlank()) {
      throw new IllegalArgumentException(
          "edits must begin with a marker but begin with '%s'".formatted(parts.get(0)));
    }
    for (int i = 1; i < parts.size(); i += 2) {
      String marker = parts.get(i);
      List<String> pieces = pieces(parts.get(i + 1));
      if (marker.equals(markers.keep())) {
        pieces.forEach(p -> edits.add(new Edit.Keep<>(p)));
      } else if (marker.equals(markers.delete())) {
        pieces.forEach(p -> edits.add(new Edit.Delete<>(p)));
      } else if (marker.equals(markers.insert())) {
        pieces.forEach(p -> edits.add(new Edit.Insert<>(p)));
      } else if (marker.equals(markers.replace())
          && i + 2 < parts.size()
          && parts.get(i + 2).equals(markers.by())) {
        i += 2;
        replacements(pieces, pieces(parts.get(i + 1)), edits);
      } else {
        throw new IllegalArgumentException(
            "edits must not have the marker %s where it is".formatted(marker));
      }
    }
    return new EditScript<>(edits);
  }

  private static void replacements(
      List<String> old, List<String> pieces, List<Edit<String>> edits) {
    if (old.size() != pieces.size()) {
      throw new IllegalArgumentException(
          "a replacement must have as many new pieces as old ones but has %s for %s"
              .formatted(pieces.size(), old.size()));
    }
    for (int i = 0; i < old.size(); i++) {
      edits.add(new Edit.Replace<>(old.get(i), pieces.get(i)));
    }
  }

  /** Text, marker, text, marker, ..., text. */
  private List<String> split(String text) {
    String any = markers.all().map(Pattern::quote).collect(Collectors.joining("|"));
    Matcher matcher = Pattern.compile(any).matcher(text);
    Stream.Builder<String> parts = Stream.builder();
    int from = 0;
    while (matcher.find()) {
      parts.add(text.substring(from, matcher.start())).add(matcher.group());
      from = matcher.end();
    }
    return parts.add(text.substring(from)).build().toList();
  }
}
