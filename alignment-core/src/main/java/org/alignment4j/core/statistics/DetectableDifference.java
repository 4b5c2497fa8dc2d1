package org.alignment4j.core.statistics;

import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * How small a difference a comparison could have found; belongs beside every "no difference".
 * Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class DetectableDifference {

  /** Below it, rounding decides the quantile. */
  private static final double LEAST_ALPHA = 1e-15;

  private DetectableDifference() {}

  /**
   * Returns the true difference that a two-sided test finds with the wanted probability, {@code
   * (z_{1−α/2} + z_{power}) · SE} (normal approximation; optimistic below about 30 observations).
   *
   * @param standardError of the difference, in the unit of the scores
   * @param alpha level of the test in [1e-15, 1), such as 0.05
   * @param power wanted probability in (0, 1), at least {@code alpha}, such as 0.8
   * @return in the unit of the scores; 0 when the standard error is
   * @throws IllegalArgumentException if the standard error is negative or not finite, or alpha or
   *     power is outside its range
   */
  public static double of(double standardError, double alpha, double power) {
    if (!(standardError >= 0 && standardError < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "standardError must be a finite number and not negative but was "
              + standardError
              + "; from fewer than two observations nothing can be detected");
    }
    return quantiles(alpha, power) * standardError;
  }

  /**
   * Returns the {@linkplain #of(double, double, double) detectable difference} at level 0.05 with
   * probability 0.8, about 2.8 standard errors.
   *
   * @param difference such as {@link Estimates#pairedDifference}
   * @throws IllegalArgumentException if the estimate has no standard error
   */
  public static double of(Estimate difference) {
    return of(difference.standardError(), 0.05, 0.8);
  }

  /**
   * Returns how many independent items make a difference detectable: the smallest n with {@code
   * (z_{1−α/2} + z_{power}) · s / √n ≤ difference}.
   *
   * @param deviation standard deviation s of the item differences
   * @param difference the true difference to find, in the same unit
   * @param alpha level of the test in [1e-15, 1)
   * @param power wanted probability in (0, 1), at least {@code alpha}
   * @return at least 1
   * @throws IllegalArgumentException if the deviation is negative, the difference is not positive,
   *     either is not finite, alpha or power is outside its range, or the items would be more than
   *     a {@code long} counts
   */
  public static long items(double deviation, double difference, double alpha, double power) {
    if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "deviation must be a finite number and not negative but was " + deviation);
    }
    if (!(difference > 0 && difference < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "difference must be a finite number above 0 but was " + difference);
    }
    double root = quantiles(alpha, power) * deviation / difference;
    double items = Math.ceil(root * root * (1 - 1e-12));
    if (!(items < Long.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "items must be below 2^63 but a deviation of "
              + deviation
              + " and a difference of "
              + difference
              + " need "
              + items
              + "; look for a larger difference");
    }
    return Math.max(1, (long) items);
  }

  private static double quantiles(double alpha, double power) {
    if (!(alpha >= LEAST_ALPHA && alpha < 1)) {
      throw new IllegalArgumentException(
          "alpha must be in [" + LEAST_ALPHA + ", 1) but was " + alpha);
    }
    if (!(power >= alpha && power < 1)) {
      throw new IllegalArgumentException(
          "power must be in [alpha = " + alpha + ", 1) but was " + power);
    }
    NormalDistribution normal = new NormalDistribution();
    return normal.inverseCumulativeProbability(power)
        - normal.inverseCumulativeProbability(alpha / 2);
  }
}
