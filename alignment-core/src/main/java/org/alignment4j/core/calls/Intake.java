package org.alignment4j.core.calls;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.alignment4j.api.provenance.ContentHash;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a run, told apart into those that need a call, those whose answer is known, and
 * those that wait for another input with the same key. Used by the run's own thread.
 */
final class Intake<I, O> {
  private final Iterator<? extends I> inputs;
  private final @Nullable CallMemory<I, O> memory;
  private final Delivery<O> delivery;
  private final long window;
  private final Map<ContentHash, Item<I>> open = new HashMap<>();
  private long nextIndex;
  private long twins;
  private long settledTwins;
  private long failedTwins;

  /**
   * Starts at the first input.
   *
   * @param window how far an input may run ahead of the oldest one without a result
   */
  Intake(
      Iterator<? extends I> inputs,
      @Nullable CallMemory<I, O> memory,
      Delivery<O> delivery,
      long window) {
    this.inputs = inputs;
    this.memory = memory;
    this.delivery = delivery;
    this.window = window;
  }

  boolean hasNext() {
    return inputs.hasNext();
  }

  /** Whether there is an input that does not run too far ahead. */
  boolean mayStart() {
    return inputs.hasNext() && delivery.mayStart(nextIndex, window);
  }

  /** The next input when it needs a call; null when its answer is known or on its way. */
  @Nullable Item<I> next() {
    I input = inputs.next();
    long index = nextIndex++;
    if (memory == null) {
      return new Item<>(index, input, null);
    }
    ContentHash key = memory.key(input);
    Item<I> twin = open.get(key);
    if (twin != null) {
      twin.twins.add(index);
      twins++;
      return null;
    }
    Optional<O> known = memory.get(key);
    if (known.isPresent()) {
      delivery.accept(new CallResult.Succeeded<>(index, known.get(), 0));
      return null;
    }
    Item<I> item = new Item<>(index, input, key);
    open.put(key, item);
    return item;
  }

  /** Hands over what became of an input and of those with the same key. */
  void settle(Item<I> item, CallResult<O> result) {
    if (item.key != null) {
      open.remove(item.key);
    }
    delivery.accept(result);
    for (long twin : item.twins) {
      delivery.accept(forTwin(twin, result));
    }
    if (!(result instanceof CallResult.Missing<O>)) {
      settledTwins += item.twins.size();
    }
    if (result instanceof CallResult.Failed<O>) {
      failedTwins += item.twins.size();
    }
  }

  /** Requests that have failed; inputs with the same key are one. */
  long failedRequests() {
    return delivery.failed() - failedTwins;
  }

  /** Requests that were answered or have failed; inputs with the same key are one. */
  long finishedRequests() {
    return delivery.finished() - settledTwins;
  }

  /** Of so many inputs those that are no other's twin, as far as is known by now. */
  OptionalLong requests(OptionalLong inputCount) {
    return inputCount.isPresent() ? OptionalLong.of(inputCount.getAsLong() - twins) : inputCount;
  }

  private static <O> CallResult<O> forTwin(long index, CallResult<O> result) {
    if (result instanceof CallResult.Succeeded<O> success) {
      return new CallResult.Succeeded<>(index, success.value(), 0);
    }
    if (result instanceof CallResult.Failed<O> failure) {
      return new CallResult.Failed<>(index, failure.error(), failure.attempts());
    }
    return new CallResult.Missing<>(index, ((CallResult.Missing<O>) result).reason());
  }
}
