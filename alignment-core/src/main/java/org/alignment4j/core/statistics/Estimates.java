package org.alignment4j.core.statistics;

import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Means, proportions and paired differences with standard error and confidence interval.
 *
 * <p>Everywhere: nothing observed gives a value of NaN with {@code n = 0}; too few observations (or
 * clusters) for an uncertainty give NaN for standard error and interval, never 0; an observation
 * that is NaN or infinite is a wrong argument, named by its index, since a missing score must be
 * left out and counted ({@link #withMissing}). Methods without a level use 0.95. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Estimates {

  /** Level of the intervals where none is given. */
  public static final double DEFAULT_CONFIDENCE = 0.95;

  private Estimates() {}

  /** Returns the {@linkplain #mean(double[], double) mean} at level 0.95. */
  public static Estimate mean(double[] values) {
    return mean(values, DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the mean of independent observations: standard error {@code s/√n} with the sample
   * deviation {@code s} (divisor n−1), interval {@code mean ± t(n−1)·SE}.
   *
   * @param values observations
   * @param confidence level in (0, 1)
   * @throws IllegalArgumentException if an observation is not finite or the level is outside (0, 1)
   */
  public static Estimate mean(double[] values, double confidence) {
    Checks.requireFinite("values", values);
    Checks.requireConfidence(confidence);
    int n = values.length;
    double mean = Moments.mean(values);
    double error = n < 2 ? Double.NaN : Math.sqrt(Moments.squares(values, mean) / (n - 1) / n);
    return symmetric(mean, error, tQuantile(n - 1, confidence), confidence, n, n);
  }

  /**
   * Returns the mean as {@link #mean(double[], double)} does but with the normal instead of
   * Student's distribution, as most published standard errors are read; too narrow below about 30
   * observations.
   *
   * @throws IllegalArgumentException if an observation is not finite or the level is outside (0, 1)
   */
  public static Estimate normalMean(double[] values, double confidence) {
    Estimate mean = mean(values, confidence);
    return symmetric(
        mean.value(),
        mean.standardError(),
        normalQuantile(confidence),
        confidence,
        values.length,
        values.length);
  }

  /** Returns the {@linkplain #clusteredMean(double[], int[], double) mean} at level 0.95. */
  public static Estimate clusteredMean(double[] values, int[] clusters) {
    return clusteredMean(values, clusters, DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the mean of observations that depend on each other within clusters (questions about one
   * passage, variants of one template): {@code SE = √(C/(C−1) · Σ_c (Σ_{i∈c} (xᵢ−x̄))²) / n} with C
   * clusters (Miller 2024, arXiv 2411.00640, with the finite-cluster factor), interval by Student's
   * t with C−1 degrees of freedom.
   *
   * @param values observations
   * @param clusters the cluster of each observation, any numbers
   * @throws IllegalArgumentException if the lengths differ, an observation is not finite or the
   *     level is outside (0, 1)
   */
  public static Estimate clusteredMean(double[] values, int[] clusters, double confidence) {
    Checks.requireFinite("values", values);
    Checks.requireSameLength("values", values.length, "clusters", clusters.length);
    Checks.requireConfidence(confidence);
    double mean = Moments.mean(values);
    double[] sums = Moments.clusterSums(values, mean, clusters);
    int count = sums.length;
    double error = Double.NaN;
    if (count >= 2) {
      double squares = 0;
      for (double sum : sums) {
        squares += sum * sum;
      }
      error = Math.sqrt(squares * count / (count - 1)) / values.length;
    }
    return symmetric(
        mean, error, tQuantile(count - 1, confidence), confidence, values.length, count);
  }

  /** Returns the {@linkplain #proportion(long, long, double) proportion} at level 0.95. */
  public static Estimate proportion(long successes, long n) {
    return proportion(successes, n, DEFAULT_CONFIDENCE);
  }

  /**
   * Returns a proportion with Wilson's score interval (Wilson 1927), {@code (p̂ + z²/2n ±
   * z√(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)}, which stays inside [0, 1] and is not empty at 0 and 1.
   * The standard error is the plug-in {@code √(p̂(1−p̂)/n)}; it is 0 at 0 and 1, where only the
   * interval tells the uncertainty.
   *
   * @param successes observed successes
   * @param n observations
   * @throws IllegalArgumentException unless {@code 0 ≤ successes ≤ n} and the level is in (0, 1)
   */
  public static Estimate proportion(long successes, long n, double confidence) {
    if (n < 0 || successes < 0 || successes > n) {
      throw new IllegalArgumentException(
          "successes must be in [0, n = " + n + "] but was " + successes);
    }
    Checks.requireConfidence(confidence);
    return share(successes, n, confidence);
  }

  /** Returns the {@linkplain #proportion(long, long) proportion} of true values. */
  public static Estimate proportion(boolean[] outcomes) {
    return proportion(Moments.count(outcomes), outcomes.length);
  }

  /**
   * Returns the {@linkplain #proportion(long, long) proportion} of outcomes that may be less than
   * certain or whole, such as ½ for a tie or the probability that an uncertain label is met: their
   * mean, with Wilson's interval at that mean. Such outcomes vary less than certain ones, so the
   * interval is at least as wide as it need be.
   *
   * @param outcomes from 0, a failure, to 1, a success
   * @throws IllegalArgumentException if an outcome is NaN or outside [0, 1], named by its index
   */
  public static Estimate proportion(double[] outcomes) {
    Checks.requireProbabilities("outcomes", outcomes);
    double successes = 0;
    for (double outcome : outcomes) {
      successes += outcome;
    }
    return share(successes, outcomes.length, DEFAULT_CONFIDENCE);
  }

  /** Returns the {@linkplain #pairedDifference(double[], double[], double) difference} at 0.95. */
  public static Estimate pairedDifference(double[] first, double[] second) {
    return pairedDifference(first, second, DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the mean of {@code first − second} over the same items, as {@link #mean} of the item
   * differences; far narrower than the difference of two unpaired means where items differ in
   * difficulty.
   *
   * @param first scores of one model by item
   * @param second scores of the other model on the same items
   * @throws IllegalArgumentException if the lengths differ, a score is not finite or the level is
   *     outside (0, 1)
   */
  public static Estimate pairedDifference(double[] first, double[] second, double confidence) {
    return mean(differences(first, second), confidence);
  }

  /**
   * Returns the mean of {@code first − second} over the same items with errors clustered as in
   * {@link #clusteredMean(double[], int[], double)}.
   *
   * @throws IllegalArgumentException if lengths differ, a score is not finite or the level is
   *     outside (0, 1)
   */
  public static Estimate clusteredPairedDifference(
      double[] first, double[] second, int[] clusters, double confidence) {
    return clusteredMean(differences(first, second), clusters, confidence);
  }

  /**
   * Returns the difference of two proportions over the same items, first minus second, with the
   * square-and-add interval from two Wilson intervals and the correlation of the outcomes (Newcombe
   * 1998, Statistics in Medicine 17:2635, method 10). Unlike the interval of the mean difference it
   * stays inside [−1, 1] and is not empty when all items agree.
   *
   * @param first outcomes of one model by item
   * @param second outcomes of the other model on the same items
   * @throws IllegalArgumentException if the lengths differ or the level is outside (0, 1)
   */
  public static Estimate pairedProportions(boolean[] first, boolean[] second, double confidence) {
    Checks.requireSameLength("first", first.length, "second", second.length);
    Checks.requireConfidence(confidence);
    int n = first.length;
    if (n == 0) {
      return nothing(confidence);
    }
    double[] differences = new double[n];
    for (int i = 0; i < n; i++) {
      differences[i] = (first[i] ? 1 : 0) - (second[i] ? 1 : 0);
    }
    double[] ends = Wilson.pairedInterval(first, second, normalQuantile(confidence));
    Estimate mean = mean(differences, confidence);
    return new Estimate(
        mean.value(), mean.standardError(), ends[0], ends[1], confidence, n, n, 0, 0);
  }

  /**
   * Returns an estimate that also tells how many observations it had to do without.
   *
   * @param unscored observations without a verdict
   * @param failed observations whose call failed
   * @throws IllegalArgumentException if a count is negative
   */
  public static Estimate withMissing(Estimate estimate, long unscored, long failed) {
    return new Estimate(
        estimate.value(),
        estimate.standardError(),
        estimate.ciLow(),
        estimate.ciHigh(),
        estimate.confidence(),
        estimate.n(),
        estimate.clusters(),
        unscored,
        failed);
  }

  static Estimate nothing(double confidence) {
    return new Estimate(Double.NaN, Double.NaN, Double.NaN, Double.NaN, confidence, 0, 0, 0, 0);
  }

  static double[] differences(double[] first, double[] second) {
    Checks.requireFinite("first", first);
    Checks.requireFinite("second", second);
    Checks.requireSameLength("first", first.length, "second", second.length);
    double[] differences = new double[first.length];
    for (int i = 0; i < first.length; i++) {
      differences[i] = first[i] - second[i];
    }
    return differences;
  }

  /** A proportion whose successes need not be whole. */
  static Estimate share(double successes, long n, double confidence) {
    if (n == 0) {
      return nothing(confidence);
    }
    // Sums of shares may exceed their number by rounding.
    double p = Math.min(1, successes / n);
    double[] ends = Wilson.interval(p, n, normalQuantile(confidence));
    return new Estimate(p, Math.sqrt(p * (1 - p) / n), ends[0], ends[1], confidence, n, n, 0, 0);
  }

  private static Estimate symmetric(
      double value, double error, double quantile, double confidence, long n, long clusters) {
    double half = quantile * error;
    return new Estimate(value, error, value - half, value + half, confidence, n, clusters, 0, 0);
  }

  private static double tQuantile(int degrees, double confidence) {
    return degrees < 1
        ? Double.NaN
        : new TDistribution(degrees).inverseCumulativeProbability((1 + confidence) / 2);
  }

  static double normalQuantile(double confidence) {
    return new NormalDistribution().inverseCumulativeProbability((1 + confidence) / 2);
  }
}
