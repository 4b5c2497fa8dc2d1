package org.alignment4j.core.journal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads fields of plain values, naming what is missing or of another kind. */
final class Fields {
  private Fields() {}

  static String text(Map<?, ?> map, String name) {
    return of(map, name, String.class, "a string");
  }

  static long whole(Map<?, ?> map, String name) {
    return of(map, name, Long.class, "a whole number");
  }

  static List<?> list(Map<?, ?> map, String name) {
    return of(map, name, List.class, "a list");
  }

  static Map<?, ?> object(Map<?, ?> map, String name) {
    return of(map, name, Map.class, "an object");
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
