package org.alignment4j.core.calls;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.provenance.ContentHash;
import org.jspecify.annotations.Nullable;

/** An input on its way to a result. Used by the run's own thread. */
final class Item<I> {
  final long index;
  final I input;
  final @Nullable ContentHash key;

  /** Inputs with the same key, which take over this one's result. */
  final List<Long> twins = new ArrayList<>();

  int attempts;

  /** When the next attempt is due. */
  long due;

  Item(long index, I input, @Nullable ContentHash key) {
    this.index = index;
    this.input = input;
    this.key = key;
  }
}
