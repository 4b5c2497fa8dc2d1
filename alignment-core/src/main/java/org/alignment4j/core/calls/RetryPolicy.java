package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apiguardian.api.API;

/**
 * When a call that failed for a passing reason is tried again: exponential backoff, shortened by a
 * random part so that calls that failed together do not return together. A wait the endpoint asks
 * for (Retry-After) is never cut short.
 *
 * <p>Durations count to the nanosecond. One of 292 years (2<sup>63</sup> ns) or more means for ever
 * wherever it stands, so that {@code Duration.ofSeconds(Long.MAX_VALUE)} may be given: as {@code
 * maxDelay} and {@code maxRetryAfter} it is no limit.
 *
 * @param maxAttempts most attempts, the first included, at least 1
 * @param firstDelay longest wait after the first failure
 * @param factor by which the wait grows with each further failure, at least 1
 * @param maxDelay longest wait of the backoff
 * @param jitter greatest part of the wait that chance takes off, in [0, 1]
 * @param maxRetryAfter longest wait an endpoint may ask for, not negative; beyond it the call fails
 *     at once and new calls do not wait
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RetryPolicy(
    int maxAttempts,
    Duration firstDelay,
    double factor,
    Duration maxDelay,
    double jitter,
    Duration maxRetryAfter) {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** Six attempts; 1, 2, 4, 8, 16 seconds, up to half taken off; asked waits up to ten minutes. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          6, Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.5, Duration.ofMinutes(10));

  /** One attempt. */
  public static final RetryPolicy NONE = DEFAULT.withMaxAttempts(1);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is outside its range
   */
  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1 but was " + maxAttempts);
    }
    if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
      throw new IllegalArgumentException(
          "firstDelay must not be negative nor above maxDelay but they were "
              + firstDelay
              + " and "
              + maxDelay);
    }
    if (maxRetryAfter.isNegative()) {
      throw new IllegalArgumentException(
          "maxRetryAfter must not be negative but was " + maxRetryAfter);
    }
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("factor must be finite and at least 1 but was " + factor);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be in [0, 1] but was " + jitter);
    }
  }

  /** Returns this policy with another number of attempts. */
  public RetryPolicy withMaxAttempts(int attempts) {
    return new RetryPolicy(attempts, firstDelay, factor, maxDelay, jitter, maxRetryAfter);
  }

  /**
   * Returns how long to wait before the next attempt.
   *
   * @param seed where random numbers start
   * @param index the index of the input
   * @param attempt the attempt that failed, from 1
   * @param retryAfter what the endpoint asked for, or empty
   * @return the wait: the same for the same arguments, whatever other calls do; at least {@code
   *     retryAfter}, at most 292 years
   */
  public Duration delay(long seed, long index, int attempt, Optional<Duration> retryAfter) {
    // Finite, so that no delay grows to no delay.
    double growth = Math.min(Double.MAX_VALUE, Math.pow(factor, Math.max(0, attempt - 1)));
    double full = Math.min(seconds(maxDelay), seconds(firstDelay) * growth);
    double chance =
        new SplittableRandom(seed + GOLDEN_GAMMA * (index * 1_000_003L + attempt)).nextDouble();
    double backoff = full * (1 - jitter * chance);
    // Calls told to wait equally long must not return together either.
    double asked =
        retryAfter.map(wait -> seconds(wait) + jitter * chance * seconds(firstDelay)).orElse(0.0);
    // The cast ends at 292 years. Rounding must not cut short what was asked for.
    Duration wait = Duration.ofNanos((long) (Math.max(backoff, asked) * 1e9));
    Duration least = Duration.ofNanos(Nanos.of(retryAfter.orElse(Duration.ZERO)));
    return wait.compareTo(least) < 0 ? least : wait;
  }

  private static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }
}
