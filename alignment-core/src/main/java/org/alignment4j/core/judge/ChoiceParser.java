package org.alignment4j.core.judge;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** See {@link ReplyParser#choice}. */
final class ChoiceParser implements ReplyParser<String> {
  private static final Pattern UNUSABLE = Pattern.compile("[\\[\\]\\n]");

  private final List<String> labels;

  ChoiceParser(List<String> labels) {
    this.labels = List.copyOf(labels);
    Set<String> seen = new HashSet<>();
    for (String label : this.labels) {
      if (label.isBlank() || !label.equals(label.strip()) || UNUSABLE.matcher(label).find()) {
        throw new IllegalArgumentException(
            "a label must have no brackets, line feeds or outer spaces but was '" + label + "'");
      }
      if (!seen.add(label.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("labels must differ but '" + label + "' occurs twice");
      }
    }
    if (this.labels.size() < 2) {
      throw new IllegalArgumentException("labels must be at least two but were " + labels);
    }
  }

  @Override
  public Parsed<String> parse(Reply reply) {
    Parsed<String> last = Bracketed.last(reply);
    if (!(last instanceof Parsed.Value<String> found)) {
      return last;
    }
    String named = found.value();
    if (named.endsWith(".")) {
      named = named.substring(0, named.length() - 1);
    }
    for (String label : labels) {
      if (label.equalsIgnoreCase(named) || label.equalsIgnoreCase(found.value())) {
        return new Parsed.Value<>(label);
      }
    }
    return new Parsed.Nothing<>("it names none of " + String.join(", ", labels) + ".");
  }

  @Override
  public String form() {
    return "The verdict is one of "
        + String.join(", ", labels)
        + ", in double square brackets, such as [["
        + labels.get(0)
        + "]].";
  }
}
