package org.alignment4j.core.calls;

import org.apiguardian.api.API;

/**
 * How many calls run at once: additive increase, multiplicative decrease (Chiu and Jain 1989). The
 * limit grows by one for each round of calls answered while it was full, and shrinks by a factor
 * once per episode of throttling (HTTP 429), however many calls of it are throttled.
 *
 * @param start calls at once in the beginning
 * @param max most calls at once
 * @param decrease factor per episode, in (0, 1)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConcurrencyLimits(int start, int max, double decrease) {
  /** 20 at first, at most 100, a factor of 0.8. */
  public static final ConcurrencyLimits DEFAULT = new ConcurrencyLimits(20, 100, 0.8);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is outside its range
   */
  public ConcurrencyLimits {
    if (start < 1 || max < start) {
      throw new IllegalArgumentException(
          "start must be at least 1 and at most max but they were " + start + " and " + max);
    }
    if (!(decrease > 0 && decrease < 1)) {
      throw new IllegalArgumentException("decrease must be in (0, 1) but was " + decrease);
    }
  }

  /** Returns limits under which always as many calls run at once unless throttled. */
  public static ConcurrencyLimits atMost(int calls) {
    return new ConcurrencyLimits(calls, calls, DEFAULT.decrease);
  }
}
