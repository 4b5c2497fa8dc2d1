package org.alignment4j.core.data;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields by their name or, failing that, by names of nested objects with dots between them. */
final class DottedNames {

  private DottedNames() {}

  /** The value of a field; null when it is null or not there. */
  static @Nullable Object get(Map<?, ?> map, String name) {
    if (map.containsKey(name)) {
      return map.get(name);
    }
    int dot = name.indexOf('.');
    return dot > 0 && map.get(name.substring(0, dot)) instanceof Map<?, ?> inner
        ? get(inner, name.substring(dot + 1))
        : null;
  }

  /** Whether the field is there, if only as null. */
  static boolean isIn(Map<?, ?> map, String name) {
    if (map.containsKey(name)) {
      return true;
    }
    int dot = name.indexOf('.');
    return dot > 0
        && map.get(name.substring(0, dot)) instanceof Map<?, ?> inner
        && isIn(inner, name.substring(dot + 1));
  }
}
