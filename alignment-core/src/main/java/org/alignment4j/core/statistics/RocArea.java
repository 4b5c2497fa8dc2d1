package org.alignment4j.core.statistics;

import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * Area under the receiver operating characteristic: the probability that a positive item scores
 * higher than a negative one, ties as one half (Bamber 1975). Chance is ½. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class RocArea {

  private RocArea() {}

  /**
   * Returns the area with the standard error of DeLong, DeLong and Clarke-Pearson (1988) for
   * independent items and a normal interval of its logit, which stays inside (0, 1). Where the area
   * is 0 or 1, its error is 0, or a class has fewer than two items, there is no interval.
   *
   * @param scores higher for items that should be positive
   * @param positive whether each item is
   * @param confidence level in (0, 1)
   * @throws IllegalArgumentException if the lengths differ, a score is not finite, the level is
   *     outside (0, 1), or a class has no item, where the area is undefined
   */
  public static Estimate of(double[] scores, boolean[] positive, double confidence) {
    check(scores, positive);
    Checks.requireConfidence(confidence);
    double[] first = chosen(scores, positive, true);
    double[] second = chosen(scores, positive, false);
    double area = area(scores, positive);
    double variance =
        placementVariance(scores, positive, true, first)
            + placementVariance(scores, positive, false, second);
    boolean known = variance > 0 && area > 0 && area < 1;
    double error = known ? Math.sqrt(variance) : Double.NaN;
    double logit = Math.log(area / (1 - area));
    double half = Estimates.normalQuantile(confidence) * error / (area * (1 - area));
    return new Estimate(
        area,
        error,
        known ? Math.min(area, LogOdds.sigmoid(logit - half)) : Double.NaN,
        known ? Math.max(area, LogOdds.sigmoid(logit + half)) : Double.NaN,
        confidence,
        scores.length,
        scores.length,
        0,
        0);
  }

  /** Returns the {@linkplain #of(double[], boolean[], double) area} at level 0.95. */
  public static Estimate of(double[] scores, boolean[] positive) {
    return of(scores, positive, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the area with a bootstrap interval over whole clusters of items; resamples with one
   * class only are undefined.
   *
   * @param clusters the cluster of each item, any numbers
   * @throws IllegalArgumentException if the lengths differ, a score is not finite, or a class has
   *     no item, where the area is undefined
   */
  public static Bootstrap.Result of(
      double[] scores, boolean[] positive, int[] clusters, Bootstrap bootstrap) {
    check(scores, positive);
    Checks.requireSameLength("scores", scores.length, "clusters", clusters.length);
    return bootstrap.of(
        clusters, items -> area(Selection.of(scores, items), Selection.of(positive, items)));
  }

  /** The area by mid-ranks (Mann and Whitney 1947); NaN with one class only. */
  private static double area(double[] scores, boolean[] positive) {
    double[] ranks = Ranks.of(scores);
    double n = Moments.count(positive);
    double sum = 0;
    for (int i = 0; i < ranks.length; i++) {
      sum += positive[i] ? ranks[i] : 0;
    }
    return (sum - n * (n + 1) / 2) / (n * (ranks.length - n));
  }

  /**
   * Variance of the mean share of the other class that each item of a class beats; DeLong's
   * structural components from mid-ranks (Sun and Xu 2014).
   */
  private static double placementVariance(
      double[] scores, boolean[] positive, boolean wanted, double[] own) {
    if (own.length < 2) {
      return Double.NaN;
    }
    double[] among = chosen(Ranks.of(scores), positive, wanted);
    double[] within = Ranks.of(own);
    double[] placements = new double[own.length];
    for (int i = 0; i < own.length; i++) {
      placements[i] = (among[i] - within[i]) / (scores.length - own.length);
    }
    return Moments.squares(placements, Moments.mean(placements)) / (own.length - 1) / own.length;
  }

  private static double[] chosen(double[] values, boolean[] positive, boolean wanted) {
    return IntStream.range(0, values.length)
        .filter(i -> positive[i] == wanted)
        .mapToDouble(i -> values[i])
        .toArray();
  }

  private static void check(double[] scores, boolean[] positive) {
    Checks.requireFinite("scores", scores);
    Checks.requireSameLength("scores", scores.length, "positive", positive.length);
    long count = Moments.count(positive);
    if (count == 0 || count == positive.length) {
      throw new IllegalArgumentException(
          "the area under the ROC needs items of both classes but "
              + count
              + " of "
              + positive.length
              + " are positive: it is undefined");
    }
  }
}
