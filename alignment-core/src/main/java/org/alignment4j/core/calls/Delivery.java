package org.alignment4j.core.calls;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Hands results over, in the order of inputs when asked to, and counts them. Not thread-safe. */
final class Delivery<O> {
  private final Consumer<? super CallResult<O>> sink;
  private final boolean inOrder;
  private final Map<Long, CallResult<O>> waiting = new HashMap<>();
  private long next;
  private long succeeded;
  private long known;
  private long failed;
  private long missing;

  Delivery(Consumer<? super CallResult<O>> sink, boolean inOrder) {
    this.sink = sink;
    this.inOrder = inOrder;
  }

  void accept(CallResult<O> result) {
    if (result instanceof CallResult.Succeeded<O> success) {
      succeeded++;
      known += success.known() ? 1 : 0;
    } else if (result instanceof CallResult.Failed<O>) {
      failed++;
    } else {
      missing++;
    }
    if (!inOrder) {
      sink.accept(result);
      return;
    }
    waiting.put(result.index(), result);
    while (true) {
      CallResult<O> due = waiting.remove(next);
      if (due == null) {
        return;
      }
      next++;
      sink.accept(due);
    }
  }

  /** How far an input may run ahead of the oldest one without a result. */
  boolean mayStart(long index, long window) {
    return !inOrder || index - next < window;
  }

  long succeeded() {
    return succeeded;
  }

  long known() {
    return known;
  }

  long failed() {
    return failed;
  }

  long missing() {
    return missing;
  }

  long finished() {
    return succeeded + failed;
  }
}
