package org.alignment4j.eval.inner;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.DetectableDifference;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.SignFlipTest;
import org.apiguardian.api.API;

/**
 * The difference of one score under two conditions over the same items, with what a comparison of
 * this size could have found. Immutable and thread-safe.
 *
 * @param first mean under the first condition
 * @param second mean under the second condition
 * @param gap first minus second over the items that have both, clustered as the items are; of
 *     outcomes that are 0 or 1 and stand alone, Newcombe's paired interval (1998, method 10)
 * @param pValue of the sign-flip test by cluster; NaN when there is no item
 * @param deviation standard deviation of a cluster's difference, which power rests on. When no
 *     cluster differed from another it is taken from the upper end of Wilson's interval of the
 *     share that might, so that a small sample without any difference does not claim to detect all;
 *     NaN when it cannot be known
 * @param clusters independent groups of items
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairedGap(
    Estimate first, Estimate second, Estimate gap, double pValue, double deviation, long clusters) {

  private static final double ALPHA = 0.05;
  private static final double POWER = 0.8;

  /** Checks that nothing is missing. */
  public PairedGap {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    Objects.requireNonNull(gap, "gap");
  }

  /**
   * Compares independent items.
   *
   * @param first scores under the first condition by item
   * @param second scores of the same items under the second condition
   * @param seed of the random sign patterns
   * @return the gap
   * @throws IllegalArgumentException when the lengths differ or a score is not finite
   */
  public static PairedGap of(double[] first, double[] second, long seed) {
    int[] each = new int[first.length];
    Arrays.setAll(each, i -> i);
    return of(first, second, each, seed);
  }

  /**
   * Compares items that depend on each other within clusters.
   *
   * @param first scores under the first condition by item
   * @param second scores of the same items under the second condition
   * @param clusters the cluster of each item
   * @param seed of the random sign patterns
   * @return the gap
   * @throws IllegalArgumentException when the lengths differ or a score is not finite
   */
  public static PairedGap of(double[] first, double[] second, int[] clusters, long seed) {
    return of(first, second, clusters, SignFlipTest.seeded(seed));
  }

  static PairedGap of(double[] first, double[] second, int[] clusters, SignFlipTest test) {
    boolean bounded = bounded(first) && bounded(second);
    int count = (int) Arrays.stream(clusters).distinct().count();
    Estimate gap = gap(first, second, clusters, count);
    double p = first.length == 0 ? Double.NaN : test.of(first, second, clusters).pValue();
    return new PairedGap(
        level(first, clusters, bounded),
        level(second, clusters, bounded),
        gap,
        p,
        deviation(gap, count, bounded),
        count);
  }

  private static Estimate gap(double[] first, double[] second, int[] clusters, int count) {
    Estimate mean =
        Estimates.clusteredPairedDifference(first, second, clusters, Estimates.DEFAULT_CONFIDENCE);
    boolean whole = whole(first) && whole(second);
    boolean alone = count == first.length;
    if (!whole || count < 2 || !(alone || mean.standardError() == 0)) {
      return mean;
    }
    // Clusters without any spread count once each, as far as independence goes.
    int[] items = alone ? all(first.length) : firstOfEach(clusters);
    Estimate paired =
        Estimates.pairedProportions(
            outcomes(first, items), outcomes(second, items), Estimates.DEFAULT_CONFIDENCE);
    return new Estimate(
        mean.value(),
        mean.standardError(),
        Math.min(mean.value(), paired.ciLow()),
        Math.max(mean.value(), paired.ciHigh()),
        mean.confidence(),
        mean.n(),
        mean.clusters(),
        0,
        0);
  }

  private static double deviation(Estimate gap, int clusters, boolean bounded) {
    if (clusters < 2 || Double.isNaN(gap.standardError())) {
      return Double.NaN;
    }
    if (gap.standardError() > 0) {
      return gap.standardError() * Math.sqrt(clusters);
    }
    return bounded ? Math.sqrt(Estimates.proportion(0, clusters).ciHigh()) : Double.NaN;
  }

  private static Estimate level(double[] values, int[] clusters, boolean bounded) {
    return bounded
        ? Estimates.clusteredProportion(values, clusters)
        : Estimates.clusteredMean(values, clusters);
  }

  private static boolean bounded(double[] values) {
    return Arrays.stream(values).allMatch(v -> v >= 0 && v <= 1);
  }

  private static boolean whole(double[] values) {
    return Arrays.stream(values).allMatch(v -> v == 0 || v == 1);
  }

  private static boolean[] outcomes(double[] values, int[] items) {
    boolean[] outcomes = new boolean[items.length];
    for (int i = 0; i < items.length; i++) {
      outcomes[i] = values[items[i]] == 1;
    }
    return outcomes;
  }

  private static int[] all(int n) {
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    return all;
  }

  private static int[] firstOfEach(int[] clusters) {
    Map<Integer, Integer> firsts = new LinkedHashMap<>();
    for (int i = 0; i < clusters.length; i++) {
      firsts.putIfAbsent(clusters[i], i);
    }
    return firsts.values().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Returns the true gap that a test at level 0.05 would find four times in five with as many
   * clusters as there are.
   *
   * @return in the unit of the scores; NaN when the spread is not known
   */
  public double detectable() {
    return Double.isNaN(deviation)
        ? Double.NaN
        : DetectableDifference.of(deviation / Math.sqrt(clusters), ALPHA, POWER);
  }

  /**
   * Returns how many independent clusters a test at level 0.05 needs to find a gap four times in
   * five.
   *
   * @param difference the true gap to find, positive, in the unit of the scores
   * @return at least 1; empty when the spread is not known
   * @throws IllegalArgumentException when the difference is not positive and finite
   */
  public OptionalLong needed(double difference) {
    return Double.isNaN(deviation)
        ? OptionalLong.empty()
        : OptionalLong.of(DetectableDifference.items(deviation, difference, ALPHA, POWER));
  }

  /**
   * Returns whether the gap is significant at level 0.05 by the sign-flip test.
   *
   * @return false when there is no item
   */
  public boolean significant() {
    return pValue <= ALPHA;
  }
}
