package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes, items and slices. A missing one is undefined; one of an undefined value is an error.
 */
final class Access {

  private Access() {}

  static Object attribute(Object value, String name) {
    Undefined.check(value);
    Object own = ownAttribute(value, name);
    if (own != null) {
      return own;
    }
    Object entry = value instanceof Map<?, ?> map ? map.get(name) : null;
    return entry != null ? entry : missing(value, "attribute '" + name + "'");
  }

  static Object item(Object value, Object key) {
    Undefined.check(value);
    Object entry = entry(value, key);
    if (entry == null && key instanceof String name) {
      entry = ownAttribute(value, name);
    }
    if (entry != null) {
      return entry;
    }
    return missing(
        value, key instanceof String name ? "attribute '" + name + "'" : "element " + key);
  }

  private static Undefined missing(Object value, String what) {
    return new Undefined("a value of type %s has no %s".formatted(Values.typeName(value), what));
  }

  private static @Nullable Object ownAttribute(Object value, String name) {
    if (name.startsWith("_") && !(value instanceof Namespace)) {
      return null;
    }
    if (value instanceof Attributes attributes) {
      Object own = attributes.attribute(name);
      if (own != null || !(value instanceof Tuple)) {
        return own;
      }
    }
    TemplateMethod method = method(value, name);
    return method == null
        ? null
        : new Method(name, (run, arguments) -> method.call(run, value, arguments));
  }

  private static @Nullable TemplateMethod method(Object value, String name) {
    if (value instanceof String) {
      return StringMethods.find(name);
    }
    if (value instanceof List<?>) {
      return CollectionMethods.LIST.get(name);
    }
    if (value instanceof Map<?, ?>) {
      return CollectionMethods.DICT.get(name);
    }
    return value instanceof Tuple ? CollectionMethods.TUPLE.get(name) : null;
  }

  private static @Nullable Object entry(Object value, Object key) {
    if (value instanceof Map<?, ?> map) {
      boolean hashable = !(key instanceof List<?> || key instanceof Map<?, ?>);
      return hashable ? map.get(Values.key(key)) : null;
    }
    if (!Numbers.isInteger(key)) {
      return null;
    }
    long index = Numbers.integer("an index", key);
    if (value instanceof String text) {
      int length = PyText.length(text);
      long at = index < 0 ? index + length : index;
      return at < 0 || at >= length ? null : PyText.part(text, (int) at, (int) at + 1);
    }
    List<?> items = indexable(value);
    if (items == null) {
      return null;
    }
    long at = index < 0 ? index + items.size() : index;
    return at < 0 || at >= items.size() ? null : items.get((int) at);
  }

  private static @Nullable List<?> indexable(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof Tuple tuple) {
      return tuple.items();
    }
    return value instanceof View view && view.kind() == View.Kind.RANGE ? view.items() : null;
  }

  static Object slice(Run run, Object value, Object from, Object to, Object by) {
    Undefined.check(value);
    long given = by == None.NONE ? 1 : Numbers.integer("a slice step", by);
    long step = Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, given));
    if (step == 0) {
      throw new EvaluationError("a slice step must not be 0");
    }
    List<?> items = indexable(value);
    if (items == null && !(value instanceof String)) {
      return missing(value, "slice");
    }
    int length = items == null ? PyText.length((String) value) : items.size();
    long start = bound(from, length, step, step > 0 ? 0 : length - 1L);
    long stop = bound(to, length, step, step > 0 ? length : -1L);
    if (value instanceof String text) {
      return sliceText(run, text, start, stop, step);
    }
    List<Object> part = new ArrayList<>();
    for (long i = start; items != null && (step > 0 ? i < stop : i > stop); i += step) {
      run.work(1);
      part.add(Values.notNull(items.get((int) i)));
    }
    return value instanceof Tuple ? new Tuple(part) : part;
  }

  private static long bound(Object given, int length, long step, long absent) {
    if (given == None.NONE) {
      return absent;
    }
    long index = Numbers.integer("a slice bound", given);
    if (index < 0) {
      index += length;
    }
    long low = step > 0 ? 0 : -1;
    long high = step > 0 ? length : length - 1L;
    return Math.max(low, Math.min(high, index));
  }

  private static String sliceText(Run run, String text, long start, long stop, long step) {
    if (step == 1) {
      return start >= stop ? "" : run.made(PyText.part(text, (int) start, (int) stop));
    }
    int[] codePoints = text.codePoints().toArray();
    StringBuilder part = new StringBuilder();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      part.appendCodePoint(codePoints[(int) i]);
    }
    return run.made(part.toString());
  }
}
