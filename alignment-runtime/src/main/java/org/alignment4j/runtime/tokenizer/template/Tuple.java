package org.alignment4j.runtime.tokenizer.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tuple; {@code names} are attributes for its first items, as {@code groupby} gives them.
 *
 * @param names attribute names, possibly none
 */
record Tuple(List<Object> items, List<String> names) implements Attributes {

  Tuple(List<Object> items) {
    this(items, List.of());
  }

  static Tuple of(Object... items) {
    return new Tuple(List.of(items));
  }

  @Override
  public @Nullable Object attribute(String name) {
    int index = names.indexOf(name);
    return index < 0 ? null : items.get(index);
  }
}
