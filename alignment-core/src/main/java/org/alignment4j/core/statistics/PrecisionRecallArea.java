package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Area under the precision-recall curve as average precision, {@code AP = Σ_k (R_k − R_{k−1})·P_k}
 * over the thresholds in falling order, where items of one score enter together. Between thresholds
 * nothing is interpolated: the straight line of a trapezoid is too high there (Davis and Goadrich
 * 2006, section 4). Chance is the share of positive items, so that an area says little without it.
 * Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class PrecisionRecallArea {

  private PrecisionRecallArea() {}

  /**
   * Returns the area with a bootstrap interval over whole clusters of items; resamples without a
   * positive item are undefined.
   *
   * @param scores higher for items that should be positive
   * @param positive whether each item is
   * @param clusters the cluster of each item, any numbers
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException if the lengths differ, a score is not finite, or a class has
   *     no item, where the area is undefined or tells nothing
   */
  public static Bootstrap.Result of(
      double[] scores, boolean[] positive, int[] clusters, Bootstrap bootstrap) {
    Checks.requireFinite("scores", scores);
    Checks.requireSameLength("scores", scores.length, "positive", positive.length);
    Checks.requireSameLength("scores", scores.length, "clusters", clusters.length);
    long count = Moments.count(positive);
    if (count == 0 || count == positive.length) {
      throw new IllegalArgumentException(
          "the area under precision and recall needs items of both classes but "
              + count
              + " of "
              + positive.length
              + " are positive: it tells nothing");
    }
    int[] order = fallingOrder(scores);
    return bootstrap.of(clusters, items -> area(order, scores, positive, items));
  }

  private static int[] fallingOrder(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The area of items, of which some repeat: sorted once, counted in each resample. */
  private static double area(int[] order, double[] scores, boolean[] positive, int[] items) {
    int[] times = new int[scores.length];
    for (int item : items) {
      times[item]++;
    }
    long all = Arrays.stream(items).filter(item -> positive[item]).count();
    long above = 0;
    long hits = 0;
    double area = 0;
    for (int start = 0; start < order.length; ) {
      long found = 0;
      int end = start;
      while (end < order.length && scores[order[end]] == scores[order[start]]) {
        above += times[order[end]];
        found += positive[order[end]] ? times[order[end]] : 0;
        end++;
      }
      hits += found;
      area += found == 0 ? 0 : (double) found / all * hits / above;
      start = end;
    }
    return all == 0 ? Double.NaN : area;
  }
}
