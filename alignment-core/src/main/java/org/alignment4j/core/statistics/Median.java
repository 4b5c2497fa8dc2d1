package org.alignment4j.core.statistics;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/** The middle value; the mean of the two middle ones of an even count. Thread-safe. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Median {

  private Median() {}

  /**
   * Returns the median of independent observations with the interval between the order statistics
   * {@code x₍ᵣ₎} and {@code x₍ₙ₋ᵣ₊₁₎}, r being the largest number with {@code P(Binomial(n, ½) < r)
   * ≤ (1 − confidence)/2} (Thompson 1936), which holds the level whatever the distribution. Too few
   * observations for that (fewer than 6 at 0.95) have no interval. There is no standard error.
   *
   * @param values observations
   * @param confidence level in (0, 1)
   * @return NaN with {@code n = 0} of nothing
   * @throws IllegalArgumentException if an observation is not finite, named by its index, or the
   *     level is outside (0, 1)
   */
  public static Estimate of(double[] values, double confidence) {
    Checks.requireFinite("values", values);
    Checks.requireConfidence(confidence);
    int n = values.length;
    if (n == 0) {
      return Estimates.nothing(confidence);
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    BinomialDistribution below = new BinomialDistribution(n, 0.5);
    int r = 0;
    while (2 * r + 2 <= n && below.cumulativeProbability(r) <= (1 - confidence) / 2) {
      r++;
    }
    double low = r == 0 ? Double.NaN : sorted[r - 1];
    double high = r == 0 ? Double.NaN : sorted[n - r];
    return new Estimate(middle(sorted), Double.NaN, low, high, confidence, n, n, 0, 0);
  }

  /** Returns the {@linkplain #of(double[], double) median} at level 0.95. */
  public static Estimate of(double[] values) {
    return of(values, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the median with a bootstrap interval over whole clusters of observations.
   *
   * @param values observations
   * @param clusters the cluster of each observation, any numbers
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException if the lengths differ or an observation is not finite, named
   *     by its index
   */
  public static Bootstrap.Result of(double[] values, int[] clusters, Bootstrap bootstrap) {
    Checks.requireFinite("values", values);
    Checks.requireSameLength("values", values.length, "clusters", clusters.length);
    return bootstrap.of(
        clusters,
        items -> {
          double[] drawn = Selection.of(values, items);
          Arrays.sort(drawn);
          return middle(drawn);
        });
  }

  private static double middle(double[] sorted) {
    int n = sorted.length;
    double upper = sorted[n / 2];
    double lower = sorted[(n - 1) / 2];
    double apart = upper - lower;
    return apart < Double.POSITIVE_INFINITY ? lower + apart / 2 : lower / 2 + upper / 2;
  }
}
