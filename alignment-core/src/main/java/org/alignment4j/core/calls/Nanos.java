package org.alignment4j.core.calls;

import java.time.Duration;

/** Spans of time as a clock counts them: what does not fit into 64 bits, 292 years, is for ever. */
final class Nanos {
  private Nanos() {}

  /** A duration, not negative; {@code Long.MAX_VALUE} when it is longer than that. */
  static long of(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0
        ? Long.MAX_VALUE
        : duration.toNanos();
  }

  /** The moment that comes so long after another; {@code Long.MAX_VALUE} for never. */
  static long after(long now, long nanos) {
    long then = now + nanos;
    // A sum of two numbers of one sign that has the other sign is beyond the end.
    return now > 0 && nanos > 0 && then < 0 ? Long.MAX_VALUE : then;
  }

  /** The moment that comes a duration after another; {@code Long.MAX_VALUE} for never. */
  static long after(long now, Duration duration) {
    return after(now, of(duration));
  }
}
