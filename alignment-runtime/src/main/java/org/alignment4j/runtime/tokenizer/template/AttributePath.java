package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The argument {@code attribute} of a filter: names and indices with dots between.
 *
 * @param keys names and indices from the outside in
 * @param otherwise what an undefined value is replaced by, or null
 */
record AttributePath(List<Object> keys, @Nullable Object otherwise) {

  static AttributePath of(Object attribute) {
    return of(attribute, null);
  }

  static AttributePath of(Object attribute, @Nullable Object otherwise) {
    if (Numbers.isInteger(attribute)) {
      return new AttributePath(List.of(attribute), otherwise);
    }
    if (!(attribute instanceof String path)) {
      throw new EvaluationError(
          "the argument 'attribute' must be a string or an integer but was "
              + Values.typeName(attribute));
    }
    List<Object> keys = new ArrayList<>();
    for (Object key : PyText.split(path, ".", -1)) {
      String name = (String) key;
      boolean index =
          !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
      keys.add(index ? (Object) Long.valueOf(name) : name);
    }
    return new AttributePath(keys, otherwise);
  }

  Object read(Object value) {
    Object result = value;
    for (Object key : keys) {
      result = Access.item(Values.plain(result), key);
      if (otherwise != null && result instanceof Undefined) {
        result = otherwise;
      }
    }
    return result;
  }
}
