package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Calls that failed for a passing reason and wait for their next attempt, and how long new calls
 * wait with them. Used by the run's own thread.
 */
final class Retries<I> {
  /** Failures in a row from which on new calls wait too: the endpoint is down, not one call. */
  private static final int OUTAGE = 3;

  private final RetryPolicy policy;
  private final long seed;
  private final PriorityQueue<Item<I>> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong((Item<I> item) -> item.due)
              .thenComparingLong(item -> item.index));
  private long pausedUntil;
  private int failuresInARow;

  Retries(RetryPolicy policy, long seed, long now) {
    this.policy = policy;
    this.seed = seed;
    this.pausedUntil = now;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether nothing is to be started yet, be it new or tried again. */
  boolean paused(long now) {
    return now < pausedUntil;
  }

  /** The oldest call whose next attempt is due, which then waits no more; null if there is none. */
  @Nullable Item<I> takeDue(long now) {
    Item<I> first = waiting.peek();
    return first != null && first.due <= now ? waiting.remove() : null;
  }

  /** When the pause ends or, outside one, the next attempt is due; may have passed. */
  long nextStart(long now) {
    Item<I> first = waiting.peek();
    return paused(now) || first == null ? pausedUntil : first.due;
  }

  /** A call was answered. */
  void answered() {
    failuresInARow = 0;
  }

  /**
   * An attempt failed. New calls wait as long as the endpoint asks for, whether this call is tried
   * again or not, unless it asks for more than the policy's longest wait: then nobody waits, so
   * that a run against a used-up quota fails at once instead of after hours.
   *
   * @return whether the call waits for another attempt; otherwise it has failed for good
   */
  boolean accept(Item<I> item, Throwable error, long now) {
    boolean passing = Failures.isPassing(error);
    failuresInARow = passing && !Failures.isThrottling(error) ? failuresInARow + 1 : 0;
    Optional<Duration> asked = Failures.retryAfter(error);
    boolean tooLong = asked.isPresent() && asked.get().compareTo(policy.maxRetryAfter()) > 0;
    if (!passing || tooLong) {
      return false;
    }
    long due = Nanos.after(now, policy.delay(seed, item.index, item.attempts, asked));
    asked.ifPresent(wait -> pausedUntil = Math.max(pausedUntil, Nanos.after(now, wait)));
    if (failuresInARow >= OUTAGE) {
      pausedUntil = Math.max(pausedUntil, due);
    }
    if (item.attempts >= policy.maxAttempts()) {
      return false;
    }
    item.due = due;
    waiting.add(item);
    return true;
  }

  /** Takes out all that wait. */
  List<Item<I>> clear() {
    List<Item<I>> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }
}
