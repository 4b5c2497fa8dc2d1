package org.alignment4j.eval.declared;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alignment4j.core.data.Fault;
import org.alignment4j.core.data.Row;

/**
 * A text with names of fields in braces; doubled braces are braces. What is put in is never looked
 * at for names again.
 */
final class FieldText {

  static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_. -]*");
  private static final Pattern TOKEN = Pattern.compile("\\{\\{|\\}\\}|\\{([^{}]*)\\}|[{}]");

  private record Part(String text, boolean field) {}

  private final List<Part> parts;

  private FieldText(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads a text of a declaration.
   *
   * @param place the declaration, for complaints
   * @param at the declaration's field that holds the text
   * @param known the names there are
   */
  static FieldText parse(Row place, String at, String text, Set<String> known) {
    List<Part> parts = new ArrayList<>();
    Matcher tokens = TOKEN.matcher(text);
    int from = 0;
    while (tokens.find()) {
      parts.add(new Part(text.substring(from, tokens.start()), false));
      from = tokens.end();
      String token = tokens.group();
      String name = tokens.group(1);
      if (name != null && known.contains(name)) {
        parts.add(new Part(name, true));
      } else if (name != null) {
        throw place.fault(
            at,
            "a name in braces must be one of the fields "
                + known
                + " but was '"
                + token
                + "'; add it to 'fields', or double the braces that are text");
      } else if (token.length() == 2) {
        parts.add(new Part(token.substring(1), false));
      } else {
        throw place.fault(
            at,
            "a brace must enclose a name but '"
                + token
                + "' at character "
                + (tokens.start() + 1)
                + " stands alone; double it to mean the brace itself");
      }
    }
    parts.add(new Part(text.substring(from), false));
    return new FieldText(parts.stream().filter(part -> !part.text().isEmpty()).toList());
  }

  /** The names in it. */
  Set<String> names() {
    return parts.stream()
        .filter(Part::field)
        .map(Part::text)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Whether it is one name and nothing else, which may then stand for a list. */
  boolean isOneName() {
    return parts.size() == 1 && parts.get(0).field();
  }

  /** The text with a row's values. */
  String of(Row row, Values values) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.field() ? values.of(row, part.text()) : part.text());
    }
    return text.toString();
  }

  /**
   * Where values come from.
   *
   * @param optional names that may be missing or blank
   * @param given values that stand outside the row; several are a list
   */
  record Values(Set<String> optional, Map<String, List<String>> given) {

    String of(Row row, String name) {
      List<String> outside = given.get(name);
      if (outside != null) {
        return String.join(" ", outside);
      }
      boolean mayMiss = optional.contains(name);
      if (mayMiss && !row.has(name)) {
        return "";
      }
      String value = row.plain(name);
      if (value.isBlank() && !mayMiss) {
        throw row.fault(
            name,
            Fault.EMPTY_TEXT,
            "a field of the template must not be empty; fill it in, or declare it as '"
                + name
                + "?'");
      }
      return value;
    }
  }
}
