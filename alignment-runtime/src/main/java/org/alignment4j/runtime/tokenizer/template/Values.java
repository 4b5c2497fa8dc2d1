package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Python's view of values: None, Boolean, Long, Double, String, List, Map, and this package's own
 * types.
 */
final class Values {

  private Values() {}

  static String typeName(Object value) {
    if (value instanceof View view) {
      return view.kind().typeName();
    }
    return value == None.NONE
        ? "NoneType"
        : value instanceof Boolean
            ? "bool"
            : value instanceof Long
                ? "int"
                : value instanceof Double
                    ? "float"
                    : value instanceof String || value instanceof Markup
                        ? "str"
                        : value instanceof List<?>
                            ? "list"
                            : value instanceof Map<?, ?>
                                ? "dict"
                                : value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** A string in place of a marked-up string, anything else as it is. */
  static Object plain(Object value) {
    return value instanceof Markup markup ? markup.text() : value;
  }

  static Object notNull(@Nullable Object value) {
    return Objects.requireNonNullElse(value, None.NONE);
  }

  static boolean truth(Object value) {
    Object plain = plain(value);
    if (plain instanceof Boolean bool) {
      return bool;
    }
    if (plain instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (plain instanceof String text) {
      return !text.isEmpty();
    }
    return plain != None.NONE && !(plain instanceof Undefined) && sizeOrMinusOne(plain) != 0;
  }

  /** Number of elements, or -1 where the value has no length. */
  static long sizeOrMinusOne(Object value) {
    if (value instanceof String text) {
      return PyText.length(text);
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    if (value instanceof Tuple tuple) {
      return tuple.items().size();
    }
    if (value instanceof View view) {
      return view.items().size();
    }
    return value instanceof Undefined ? 0 : -1;
  }

  static long size(Object value) {
    long size = sizeOrMinusOne(value);
    if (size < 0) {
      throw new EvaluationError(typeName(value) + " has no length");
    }
    return size;
  }

  @SuppressWarnings("unchecked")
  static Iterator<Object> iterate(Object value) {
    if (value instanceof List<?> list) {
      return ((List<Object>) list).iterator();
    }
    if (value instanceof Tuple tuple) {
      return tuple.items().iterator();
    }
    if (value instanceof Map<?, ?> map) {
      return ((Map<Object, Object>) map).keySet().iterator();
    }
    if (value instanceof View view) {
      return view.items().iterator();
    }
    if (value instanceof Generator generator) {
      return generator.rest();
    }
    if (value instanceof String text) {
      return PyText.characters(text);
    }
    if (value instanceof Undefined) {
      return List.of().iterator();
    }
    throw new EvaluationError(typeName(value) + " is not iterable");
  }

  static boolean isIterable(Object value) {
    return sizeOrMinusOne(value) >= 0 || value instanceof Generator;
  }

  static List<Object> list(Run run, Object value) {
    List<Object> items = new ArrayList<>();
    Iterator<Object> iterator = iterate(plain(value));
    while (iterator.hasNext()) {
      run.work(1);
      items.add(iterator.next());
    }
    return items;
  }

  /** A value as the key of a dict. */
  static Object key(Object value) {
    Object plain = plain(value);
    if (plain instanceof List<?> || plain instanceof Map<?, ?>) {
      throw new EvaluationError("a dict key must be hashable but was " + typeName(plain));
    }
    if (plain instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return number.longValue();
    }
    return plain;
  }

  static boolean equal(Run run, Object left, Object right) {
    run.work(1);
    Object a = plain(left);
    Object b = plain(right);
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b) == 0;
    }
    if (a instanceof String x && b instanceof String y) {
      return equalTexts(run, x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return run.compared(() -> equalItems(run, x, y));
    }
    if (a instanceof Tuple x && b instanceof Tuple y) {
      return run.compared(() -> equalItems(run, x.items(), y.items()));
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return run.compared(() -> equalMaps(run, x, y));
    }
    if (a instanceof Undefined && b instanceof Undefined) {
      return true;
    }
    boolean nested = a instanceof Tuple || a instanceof View || a instanceof Macro;
    return nested ? a == b : a.equals(b);
  }

  private static boolean equalTexts(Run run, String x, String y) {
    if (x.length() != y.length()) {
      return false;
    }
    run.work(x.length());
    return x.equals(y);
  }

  private static boolean equalItems(Run run, List<?> x, List<?> y) {
    if (x.size() != y.size()) {
      return false;
    }
    for (int i = 0; i < x.size(); i++) {
      if (!equal(run, notNull(x.get(i)), notNull(y.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMaps(Run run, Map<?, ?> x, Map<?, ?> y) {
    if (x.size() != y.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : x.entrySet()) {
      Object other = y.get(entry.getKey());
      if (other == null || !equal(run, notNull(entry.getValue()), other)) {
        return false;
      }
    }
    return true;
  }

  static int compare(Run run, Object left, Object right) {
    run.work(1);
    Object a = plain(left);
    Object b = plain(right);
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.compare(a, b);
    }
    if (a instanceof String x && b instanceof String y) {
      run.work(Math.min(x.length(), y.length()));
      return PyText.compare(x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return run.compared(() -> compareItems(run, x, y));
    }
    if (a instanceof Tuple x && b instanceof Tuple y) {
      return run.compared(() -> compareItems(run, x.items(), y.items()));
    }
    Undefined.check(a);
    Undefined.check(b);
    throw new EvaluationError(
        "'<' is not defined between %s and %s".formatted(typeName(a), typeName(b)));
  }

  private static int compareItems(Run run, List<?> x, List<?> y) {
    for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
      Object a = notNull(x.get(i));
      Object b = notNull(y.get(i));
      if (!equal(run, a, b)) {
        return compare(run, a, b);
      }
    }
    return Integer.compare(x.size(), y.size());
  }

  static boolean contains(Run run, Object container, Object value) {
    if (container instanceof String text) {
      if (value instanceof String part) {
        run.work((long) text.length() + part.length());
        return text.contains(part);
      }
      throw new EvaluationError(
          "'in' a string requires a string as left operand but was " + typeName(value));
    }
    if (container instanceof Map<?, ?> map) {
      run.work(value instanceof String text ? text.length() : 1);
      return map.containsKey(key(value));
    }
    Iterator<Object> items = iterate(container);
    while (items.hasNext()) {
      if (equal(run, items.next(), value)) {
        return true;
      }
    }
    return false;
  }

  static Object call(Run run, Object function, Arguments arguments) {
    Undefined.check(function);
    if (function instanceof TemplateFunction callable) {
      return callable.call(run, arguments);
    }
    throw new EvaluationError(typeName(function) + " is not callable");
  }
}
