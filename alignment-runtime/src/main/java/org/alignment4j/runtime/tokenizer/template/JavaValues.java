package org.alignment4j.runtime.tokenizer.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the variables passed to a rendering into template values. */
final class JavaValues {

  private static final int MAX_DEPTH = 200;

  private JavaValues() {}

  static Object convert(String name, @Nullable Object value) {
    return convert(name, value, 0);
  }

  private static Object convert(String name, @Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "template variable " + name + " must nest at most " + MAX_DEPTH + " deep");
    }
    if (value == null) {
      return None.NONE;
    }
    if (value instanceof Boolean) {
      return value;
    }
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    if (value instanceof Number number) {
      return number(name, number);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> converted = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        converted.put(
            Values.key(convert(name, entry.getKey(), depth + 1)),
            convert(name, entry.getValue(), depth + 1));
      }
      return converted;
    }
    if (value instanceof Iterable<?> items) {
      List<Object> converted = new ArrayList<>();
      for (Object item : items) {
        converted.add(convert(name, item, depth + 1));
      }
      return converted;
    }
    throw new IllegalArgumentException(
        "template variable %s must consist of null, booleans, numbers, strings, lists and maps but held %s"
            .formatted(name, value.getClass().getName()));
  }

  private static Object number(String name, Number number) {
    if (number instanceof BigInteger big) {
      if (big.bitLength() > 63) {
        throw new IllegalArgumentException(
            "template variable " + name + " must hold integers of 64 bits but held " + big);
      }
      return big.longValue();
    }
    boolean whole =
        number instanceof Long
            || number instanceof Integer
            || number instanceof Short
            || number instanceof Byte;
    return whole ? (Object) number.longValue() : (Object) number.doubleValue();
  }
}
