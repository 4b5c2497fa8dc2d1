package org.alignment4j.core.statistics;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Means, proportions and paired differences with standard error and confidence interval.
 *
 * <p>Everywhere: nothing observed gives a value of NaN with {@code n = 0}; too few observations (or
 * clusters) for an uncertainty give NaN for standard error and interval, never 0; observations that
 * are all equal do not show how far others may lie, so that their mean has a standard error of 0
 * but no interval (NaN), except for proportions and {@linkplain #boundedMean bounded means}, whose
 * range says how far that can be; an observation that is NaN, infinite or above 1e150 in magnitude
 * is a wrong argument, named by its index, since a missing score must be left out and counted
 * ({@link #withMissing}). Methods without a level use 0.95. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Estimates {

  /** Level of the intervals where none is given. */
  public static final double DEFAULT_CONFIDENCE = 0.95;

  /** Spread below this share of a range is rounding. */
  private static final double ROUNDING = 1e-12;

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
    Checks.requireModerate("values", values);
    Checks.requireConfidence(confidence);
    int n = values.length;
    double mean = Moments.mean(values);
    double error = n < 2 ? Double.NaN : Math.sqrt(Moments.squares(values, mean) / (n - 1) / n);
    return symmetric(mean, error, tQuantile(n - 1, confidence), confidence, n, n);
  }

  /**
   * Returns the mean of independent observations from 0 to a largest value with the interval of
   * {@link #mean(double[], double)} inside that range. Equal observations get Wilson's interval at
   * their share of the range, which supposes the most spread that such a mean can have.
   */
  static Estimate bounded(double[] values, double largest, double confidence) {
    Estimate mean = mean(values, confidence);
    if (Double.isNaN(mean.standardError())) {
      return mean;
    }
    return within(
        mean,
        0,
        largest,
        Moments.constant(values)
            ? Wilson.interval(
                Math.min(1, Math.max(0, mean.value() / largest)),
                values.length,
                normalQuantile(confidence))
            : new double[] {mean.ciLow() / largest, mean.ciHigh() / largest});
  }

  /**
   * Returns the {@linkplain #boundedMean(double[], int[], double, double, double) mean} at level
   * 0.95.
   */
  public static Estimate boundedMean(
      double[] values, int[] clusters, double least, double greatest) {
    return boundedMean(values, clusters, least, greatest, DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the {@linkplain #clusteredMean(double[], int[], double) mean} of observations that are
   * known to lie between two values, with an interval inside that range. Observations that do not
   * vary, or whose clusters do not, get Wilson's interval at the mean's share of the range and the
   * {@linkplain #effectiveClusters effective number of clusters}: of all observations within the
   * range those at its two ends vary most about a mean, so that no others need a wider one. It is
   * exact for outcomes of 0 and 1, and wider than need be for others.
   *
   * @param values observations; what rounding carries beyond the range is taken as its end
   * @param clusters the cluster of each observation, any numbers
   * @param least least possible value
   * @param greatest greatest possible value
   * @param confidence level in (0, 1)
   * @return without interval when there is nothing, or one cluster of several observations
   * @throws IllegalArgumentException if the lengths differ, the range is empty or not finite, an
   *     observation is outside it, named by its index, or the level is outside (0, 1)
   */
  public static Estimate boundedMean(
      double[] values, int[] clusters, double least, double greatest, double confidence) {
    double[] inside = Checks.requireWithin("values", values, least, greatest);
    Estimate mean = clusteredMean(inside, clusters, confidence);
    if (inside.length == 0 || mean.clusters() < 2 && inside.length > 1) {
      return mean;
    }
    double range = greatest - least;
    double share = Math.min(1, Math.max(0, (mean.value() - least) / range));
    double[] ends =
        mean.standardError() > ROUNDING * range
            ? new double[] {(mean.ciLow() - least) / range, (mean.ciHigh() - least) / range}
            : Wilson.interval(share, effectiveClusters(clusters), normalQuantile(confidence));
    return within(mean, least, range, ends);
  }

  /** An estimate with other ends, given as shares of a range that holds it. */
  private static Estimate within(Estimate mean, double least, double range, double[] ends) {
    double value = Math.min(least + range, Math.max(least, mean.value()));
    return new Estimate(
        value,
        mean.standardError(),
        Math.min(value, least + range * Math.max(0, ends[0])),
        Math.max(value, least + range * Math.min(1, ends[1])),
        mean.confidence(),
        mean.n(),
        mean.clusters(),
        0,
        0);
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
   * passage, variants of one template): {@code SE = √(Σ_c (Σ_{i∈c} (xᵢ−x̄))² / (1−h_c)) / n}, where
   * cluster c has the share {@code h_c = n_c/n} of the observations, and an interval by Student's t
   * with {@code 1 / (Σ h_c² + (Σ g_c)² − Σ g_c²)} degrees of freedom, {@code g_c = h_c²/(1−h_c)}:
   * the bias-reduced linearisation of Bell and McCaffrey 2002 (Survey Methodology 28:169; CR2 in
   * Pustejovsky and Tipton 2018, arXiv 1601.01981) of a mean.
   *
   * <p>For C clusters of equal size that is {@code SE = √(C/(C−1) · Σ_c (Σ_{i∈c} (xᵢ−x̄))²) / n}
   * (Miller 2024, arXiv 2411.00640, with the finite-cluster factor) and C−1 degrees of freedom.
   * Where a few clusters hold most of the observations, the interval rests on little more than
   * those and becomes wide; {@link #effectiveClusters} tells beforehand.
   *
   * <p>For outcomes from 0 to 1, {@link #clusteredProportion(double[], int[], double)} has an
   * interval that stays in that range.
   *
   * @param values observations
   * @param clusters the cluster of each observation, any numbers
   * @throws IllegalArgumentException if the lengths differ, an observation is not finite or the
   *     level is outside (0, 1)
   */
  public static Estimate clusteredMean(double[] values, int[] clusters, double confidence) {
    Checks.requireModerate("values", values);
    Checks.requireSameLength("values", values.length, "clusters", clusters.length);
    Checks.requireConfidence(confidence);
    double mean = Moments.mean(values);
    ClusterSizes sizes = ClusterSizes.of(clusters);
    double error = sizes.standardError(Moments.clusterSums(values, mean, clusters));
    double quantile = tQuantile(sizes.degreesOfFreedom(), confidence);
    return symmetric(mean, error, quantile, confidence, values.length, sizes.count());
  }

  /**
   * Returns how many clusters of equal size would divide the observations as evenly, {@code n² /
   * Σ_c n_c²}, for a warning beside clustered figures: the number of clusters when all are of one
   * size, near 1 when one of them holds nearly everything. Below about 10, intervals are much wider
   * than the number of clusters suggests, and what they say depends on a few of them.
   *
   * @param clusters the cluster of each observation, any numbers
   * @return between 1 and the number of clusters; NaN of nothing
   */
  public static double effectiveClusters(int[] clusters) {
    return ClusterSizes.of(clusters).effective();
  }

  /**
   * Returns the {@linkplain #clusteredProportion(double[], int[], double) proportion} at level
   * 0.95.
   */
  public static Estimate clusteredProportion(double[] outcomes, int[] clusters) {
    return clusteredProportion(outcomes, clusters, DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the {@linkplain #proportion(double[]) proportion} of outcomes that depend on each other
   * within clusters, with Wilson's interval at the effective number of observations (Korn and
   * Graubard 1998, Survey Methodology 24:193; Franco et al. 2019, Journal of Survey Statistics and
   * Methodology 7:334): {@code n* = n/D · (t_{n−1}/t_f)²} with the design effect D, the squared
   * standard error of {@link #clusteredMean(double[], int[], double)} over {@code p̂(1−p̂)/(n−1)}
   * and at least {@code 1 + (n/C* − 1)/(1 + m)} with the effective number C* of clusters and the m
   * successes or failures, whichever are fewer, since few of them cannot show how much they depend
   * on each other; and the quantiles of Student's t for independent observations and for the f
   * degrees of freedom there. When all outcomes are the same, D is not known and n* is the
   * {@linkplain #effectiveClusters effective number of clusters}. The interval stays inside [0, 1]
   * and is never empty; when each observation is its own cluster, it is that of {@link
   * #proportion(double[])}.
   *
   * @param outcomes from 0, a failure, to 1, a success
   * @param clusters the cluster of each outcome, any numbers
   * @param confidence level in (0, 1)
   * @return without interval when there is one cluster of several observations
   * @throws IllegalArgumentException if the lengths differ, an outcome is NaN or outside [0, 1],
   *     named by its index, or the level is outside (0, 1)
   */
  public static Estimate clusteredProportion(double[] outcomes, int[] clusters, double confidence) {
    Checks.requireProbabilities("outcomes", outcomes);
    Checks.requireSameLength("outcomes", outcomes.length, "clusters", clusters.length);
    Checks.requireConfidence(confidence);
    int n = outcomes.length;
    ClusterSizes sizes = ClusterSizes.of(clusters);
    if (sizes.count() == n) {
      return share(Arrays.stream(outcomes).sum(), n, confidence);
    }
    double p = Math.min(1, Arrays.stream(outcomes).sum() / n);
    double error = sizes.standardError(Moments.clusterSums(outcomes, p, clusters));
    double effective = sizes.effective();
    double most = p * (1 - p) / (n - 1);
    if (most > 0 && !Moments.constant(outcomes)) {
      double ratio = tQuantile(n - 1, confidence) / tQuantile(sizes.degreesOfFreedom(), confidence);
      double sum = Arrays.stream(outcomes).sum();
      double least = 1 + (n / effective - 1) / (1 + Math.min(sum, n - sum));
      effective = n / Math.max(least, error * error / most) * ratio * ratio;
    }
    double[] ends =
        sizes.count() < 2
            ? new double[] {Double.NaN, Double.NaN}
            : Wilson.interval(p, effective, normalQuantile(confidence));
    return new Estimate(p, error, ends[0], ends[1], confidence, n, sizes.count(), 0, 0);
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
   * Returns an estimate that also tells how many observations it had to do without, besides those
   * it tells already: the counts are added.
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
        Math.addExact(estimate.unscored(), nonNegative("unscored", unscored)),
        Math.addExact(estimate.failed(), nonNegative("failed", failed)));
  }

  private static long nonNegative(String name, long count) {
    if (count < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + count);
    }
    return count;
  }

  /**
   * Returns an estimate whose interval ends where what it estimates does, such as at 0 of a count:
   * values beyond cannot be, so that the level is no lower.
   *
   * @param least least possible value, or −∞
   * @param greatest greatest possible value, or ∞
   * @throws IllegalArgumentException if the value is outside the range
   */
  public static Estimate inRange(Estimate estimate, double least, double greatest) {
    if (estimate.value() < least || estimate.value() > greatest) {
      throw new IllegalArgumentException(
          "value must be from " + least + " to " + greatest + " but was " + estimate.value());
    }
    return new Estimate(
        estimate.value(),
        estimate.standardError(),
        Math.max(least, estimate.ciLow()),
        Math.min(greatest, estimate.ciHigh()),
        estimate.confidence(),
        estimate.n(),
        estimate.clusters(),
        estimate.unscored(),
        estimate.failed());
  }

  static Estimate nothing(double confidence) {
    return new Estimate(Double.NaN, Double.NaN, Double.NaN, Double.NaN, confidence, 0, 0, 0, 0);
  }

  static double[] differences(double[] first, double[] second) {
    Checks.requireModerate("first", first);
    Checks.requireModerate("second", second);
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
    // Without spread there is an error of 0 but no interval.
    double half = error > 0 ? quantile * error : Double.NaN;
    return new Estimate(value, error, value - half, value + half, confidence, n, clusters, 0, 0);
  }

  /** Taken from the lower tail, where levels next to 1 keep their digits. */
  private static double tQuantile(double degrees, double confidence) {
    return degrees > 0
        ? -new TDistribution(degrees).inverseCumulativeProbability((1 - confidence) / 2)
        : Double.NaN;
  }

  static double normalQuantile(double confidence) {
    return -new NormalDistribution().inverseCumulativeProbability((1 - confidence) / 2);
  }
}
