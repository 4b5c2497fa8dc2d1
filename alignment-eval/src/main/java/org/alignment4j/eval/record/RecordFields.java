package org.alignment4j.eval.record;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads fields of plain values, naming what is missing or of another kind. */
final class RecordFields {
  private RecordFields() {}

  static String text(Map<?, ?> map, String name) {
    return of(map, name, String.class, "a string");
  }

  static long whole(Map<?, ?> map, String name) {
    return of(map, name, Long.class, "a whole number");
  }

  static double number(Map<?, ?> map, String name) {
    return of(map, name, Number.class, "a number").doubleValue();
  }

  static boolean truth(Map<?, ?> map, String name) {
    return of(map, name, Boolean.class, "true or false");
  }

  static List<?> list(Map<?, ?> map, String name) {
    return of(map, name, List.class, "a list");
  }

  static Map<?, ?> object(Map<?, ?> map, String name) {
    return of(map, name, Map.class, "an object");
  }

  static List<String> texts(Map<?, ?> map, String name) {
    return list(map, name).stream().map(element -> text(name, element)).toList();
  }

  static Map<String, String> textMap(Map<?, ?> map, String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(map, name).forEach((key, value) -> texts.put(text(name, key), text(name, value)));
    return texts;
  }

  /** An element of a list that must be an object. */
  static Map<?, ?> element(String name, @Nullable Object element) {
    if (element instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(
        "field '" + name + "' must hold objects but one was " + element);
  }

  private static String text(String name, @Nullable Object element) {
    if (element instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(
        "field '" + name + "' must hold strings but one was " + element);
  }

  private static <T> T of(Map<?, ?> map, String name, Class<T> type, String kind) {
    @Nullable Object value = map.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "field '" + name + "' must be " + kind + " but was " + value);
    }
    return Objects.requireNonNull(type.cast(value));
  }
}
