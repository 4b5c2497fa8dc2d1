package org.alignment4j.eval.declared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignment4j.core.data.Fault;
import org.alignment4j.core.data.Row;

/** What all declarations have in common. */
final class DeclarationFile {

  private DeclarationFile() {}

  /** Refuses another format, a version newer than known, and names that mean nothing. */
  static void check(Row root, String format, int version, List<String> names) {
    String found = root.text("format");
    if (!found.equals(format)) {
      throw root.fault("format", "the format must be '" + format + "' but was '" + found + "'");
    }
    long number = root.integer("version");
    if (number < 1 || number > version) {
      throw root.fault(
          "version",
          "the version must be from 1 to "
              + version
              + ", which this program knows, but was "
              + number
              + "; use a newer Alignment4J for a newer file");
    }
    requireOnly(root, names);
  }

  /** Refuses names that mean nothing, which are often misspelt ones. */
  static void requireOnly(Row row, List<String> names) {
    List<String> unknown = new ArrayList<>(row.namesInFile());
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      throw row.fault(
          unknown.get(0),
          Fault.INVALID,
          "a name must be one of " + names + " but was '" + unknown.get(0) + "'");
    }
  }

  /** One of several words. */
  static <T> T oneOf(Row row, String field, Map<String, T> words) {
    String word = row.text(field);
    T value = words.get(word);
    if (value == null) {
      throw row.fault(
          field,
          "the value must be one of "
              + words.keySet().stream().sorted().collect(Collectors.toList())
              + " but was '"
              + word
              + "'");
    }
    return value;
  }

  /** A text that may be absent. */
  static FieldText text(Row row, String field, String otherwise, Set<String> known) {
    return FieldText.parse(row, field, row.has(field) ? row.string(field) : otherwise, known);
  }

  /** A value made of a text, whose complaints become the field's. */
  static <T> T converted(Row row, String field, Function<String, T> convert) {
    try {
      return convert.apply(row.text(field));
    } catch (IllegalArgumentException e) {
      throw row.fault(field, String.valueOf(e.getMessage()));
    }
  }
}
