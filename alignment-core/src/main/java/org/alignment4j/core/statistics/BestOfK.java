package org.alignment4j.core.statistics;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * What the best of k samples reaches, estimated without bias from n ≥ k samples of an item: the
 * average over all subsets of k. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class BestOfK {

  /** Below this logarithm, a probability is nothing beside 1. */
  private static final double LOG_OF_NOTHING = -50;

  private BestOfK() {}

  /**
   * Returns pass@k of one item (Chen et al. 2021, arXiv 2107.03374, equation 1): {@code 1 − C(n−c,
   * k)/C(n, k)}, the probability that one of k samples is right.
   *
   * @param n samples
   * @param right how many of them are right
   * @param k subset size
   * @throws IllegalArgumentException unless {@code 0 ≤ right ≤ n} and {@code 1 ≤ k ≤ n}
   */
  public static double passAtK(int n, int right, int k) {
    requireSubset(n, k);
    if (right < 0 || right > n) {
      throw new IllegalArgumentException("right must be in [0, n = " + n + "] but was " + right);
    }
    if (right == 0) {
      return 0;
    }
    if (k > n - right) {
      return 1;
    }
    // C(n−c, k)/C(n, k) = C(n−k, c)/C(n, c): the shorter product, as a sum of logarithms that
    // neither drifts over many factors nor loses a small result beside 1.
    int factors = Math.min(k, right);
    double larger = Math.max(k, right);
    double log = 0;
    for (int i = 0; i < factors && log > LOG_OF_NOTHING; i++) {
      log += Math.log1p(-larger / (n - i));
    }
    return -Math.expm1(log);
  }

  /**
   * Returns the mean pass@k over independent items, with the interval of {@link Estimates#mean}
   * inside [0, 1]; where all items have the same pass@k, which does not show how far others may
   * lie, {@linkplain Estimates#proportion(double[]) Wilson's} at that mean.
   *
   * @param n samples of each item
   * @param right how many of each item's samples are right
   * @param k subset size, at most the fewest samples
   * @throws IllegalArgumentException if the lengths differ or an item is refused by {@link
   *     #passAtK(int, int, int)}, named by its index
   */
  public static Estimate passAtK(int[] n, int[] right, int k) {
    Checks.requireSameLength("n", n.length, "right", right.length);
    double[] values = new double[n.length];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = passAtK(n[i], right[i], k);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("item " + i + ": " + e.getMessage(), e);
      }
    }
    return Estimates.bounded(values, 1, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the expected maximum of k of an item's scores drawn without replacement: {@code Σ_i
   * x₍ᵢ₎ · [C(i, k) − C(i−1, k)]/C(n, k)} over the ascending scores. For scores of 0 and 1 it is
   * pass@k, for k = 1 the mean, for k = n the maximum.
   *
   * @param scores of the item's samples
   * @param k subset size
   * @throws IllegalArgumentException if a score is not finite, named by its index, or unless {@code
   *     1 ≤ k ≤ n}
   */
  public static double expectedMaximum(double[] scores, int k) {
    Checks.requireFinite("scores", scores);
    requireSubset(scores.length, k);
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    // The share of subsets whose largest score is the i-th: C(i−1, k−1)/C(n, k).
    double share = (double) k / sorted.length;
    double sum = 0;
    for (int i = sorted.length; i >= k; i--) {
      sum += share * sorted[i - 1];
      share *= i > 1 ? (double) (i - k) / (i - 1) : 0;
    }
    return sum;
  }

  private static void requireSubset(int n, int k) {
    if (k < 1 || k > n) {
      throw new IllegalArgumentException(
          "k must be in [1, n = "
              + n
              + "] but was "
              + k
              + "; draw at least k samples of each item");
    }
  }
}
