package org.alignment4j.core.calls;

/** The present limit on calls at once (see {@link ConcurrencyLimits}). Not thread-safe. */
final class AdaptiveLimit {
  private final ConcurrencyLimits limits;
  private double value;
  private long episodeEnd;

  AdaptiveLimit(ConcurrencyLimits limits) {
    this.limits = limits;
    this.value = limits.start();
  }

  int current() {
    return Math.max(1, (int) value);
  }

  /**
   * A call was answered.
   *
   * @param full whether as many calls as allowed were running: otherwise nothing was learnt
   */
  void succeeded(boolean full) {
    if (full) {
      value = Math.min(limits.max(), value + 1 / value);
    }
  }

  /**
   * A call was throttled. Calls that were under way when the limit last shrank belong to that
   * episode.
   *
   * @param call the number of the call in order of start
   * @param next the number of the next call to start
   */
  void throttled(long call, long next) {
    if (call >= episodeEnd) {
      value = Math.max(1, value * limits.decrease());
      episodeEnd = next;
    }
  }
}
