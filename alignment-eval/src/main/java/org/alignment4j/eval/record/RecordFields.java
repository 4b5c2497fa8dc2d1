package org.alignment4j.eval.record;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of plain values. Each method throws {@link IllegalArgumentException} that names a
 * field which is missing or of another kind. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RecordFields {
  private RecordFields() {}

  /** Returns a string. */
  public static String text(Map<?, ?> map, String name) {
    return of(map, name, String.class, "a string");
  }

  /** Returns a whole number. */
  public static long whole(Map<?, ?> map, String name) {
    return of(map, name, Long.class, "a whole number");
  }

  /** Returns a number. */
  public static double number(Map<?, ?> map, String name) {
    return of(map, name, Number.class, "a number").doubleValue();
  }

  /** Returns a truth value. */
  public static boolean truth(Map<?, ?> map, String name) {
    return of(map, name, Boolean.class, "true or false");
  }

  /** Returns a list. */
  public static List<?> list(Map<?, ?> map, String name) {
    return of(map, name, List.class, "a list");
  }

  /** Returns an object. */
  public static Map<?, ?> object(Map<?, ?> map, String name) {
    return of(map, name, Map.class, "an object");
  }

  /** Returns a list of strings. */
  public static List<String> texts(Map<?, ?> map, String name) {
    return list(map, name).stream().map(element -> text(name, element)).toList();
  }

  /** Returns an object whose values are strings. */
  public static Map<String, String> textMap(Map<?, ?> map, String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(map, name).forEach((key, value) -> texts.put(text(name, key), text(name, value)));
    return texts;
  }

  /** Returns an element of a list that must be an object. */
  public static Map<?, ?> element(String name, @Nullable Object element) {
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
