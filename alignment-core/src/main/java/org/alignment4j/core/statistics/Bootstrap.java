package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * Percentile bootstrap (Efron 1979) for figures that are not means: ratios, medians, areas,
 * calibration errors. The same seed gives the same interval on every machine. Immutable and
 * thread-safe.
 *
 * @param resamples number of resamples, at least 1000 for an interval worth printing
 * @param seed seed of the resampling
 * @param confidence level in (0, 1)
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record Bootstrap(int resamples, long seed, double confidence) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if resamples are below 2 or the level is outside (0, 1)
   */
  public Bootstrap {
    if (resamples < 2) {
      throw new IllegalArgumentException("resamples must be at least 2 but was " + resamples);
    }
    Checks.requireConfidence(confidence);
  }

  /** Two thousand resamples at level 0.95. */
  public static Bootstrap seeded(long seed) {
    return new Bootstrap(2000, seed, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * An interval and how far it can be trusted.
   *
   * @param estimate value on all items, deviation of the resampled values as standard error,
   *     percentile interval
   * @param undefinedResamples resamples in which the figure was NaN, such as a ratio with divisor
   *     0; left out of the interval
   */
  public record Result(Estimate estimate, int undefinedResamples) {}

  /**
   * Returns the interval of a figure of independent items.
   *
   * @param items number of items
   * @param figure computes the figure from item indices, of which some repeat; NaN where undefined
   * @throws IllegalArgumentException if items are negative, or the figure of all items is not
   *     finite although there are some
   */
  public Result of(int items, ToDoubleFunction<int[]> figure) {
    if (items < 0) {
      throw new IllegalArgumentException("items must not be negative but was " + items);
    }
    int[] each = new int[items];
    Arrays.setAll(each, i -> i);
    return of(each, figure);
  }

  /**
   * Returns the interval of a figure whose items depend on each other within clusters: whole
   * clusters are drawn.
   *
   * @param clusters the cluster of each item, any numbers
   * @param figure computes the figure from item indices, of which some repeat; NaN where undefined
   * @throws IllegalArgumentException if the figure of all items is not finite although there are
   *     some
   */
  public Result of(int[] clusters, ToDoubleFunction<int[]> figure) {
    int n = clusters.length;
    if (n == 0) {
      return new Result(Estimates.nothing(confidence), 0);
    }
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    double value = figure.applyAsDouble(all);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "the figure of all " + n + " items must be a finite number but was " + value);
    }
    int[][] members = members(clusters);
    if (members.length < 2) {
      Estimate alone =
          new Estimate(
              value, Double.NaN, Double.NaN, Double.NaN, confidence, n, members.length, 0, 0);
      return new Result(alone, 0);
    }
    double[] drawn = new double[resamples];
    int defined = 0;
    SplittableRandom random = new SplittableRandom(seed);
    for (int r = 0; r < resamples; r++) {
      double resampled = figure.applyAsDouble(resample(members, random));
      if (Double.isFinite(resampled)) {
        drawn[defined++] = resampled;
      }
    }
    double[] sorted = Arrays.copyOf(drawn, defined);
    Arrays.sort(sorted);
    double tail = (1 - confidence) / 2;
    double error =
        defined < 2
            ? Double.NaN
            : Math.sqrt(Moments.squares(sorted, Moments.mean(sorted)) / (defined - 1));
    Estimate estimate =
        new Estimate(
            value,
            error,
            quantile(sorted, tail),
            quantile(sorted, 1 - tail),
            confidence,
            n,
            members.length,
            0,
            0);
    return new Result(estimate, resamples - defined);
  }

  /** Quantile by linear interpolation (Hyndman and Fan 1996, type 7); NaN of nothing. */
  static double quantile(double[] sorted, double level) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double position = level * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** Item indices by cluster, clusters in the order of first appearance. */
  private static int[][] members(int[] clusters) {
    Map<Integer, IntStream.Builder> members = new LinkedHashMap<>();
    for (int i = 0; i < clusters.length; i++) {
      members.computeIfAbsent(clusters[i], c -> IntStream.builder()).add(i);
    }
    return members.values().stream().map(b -> b.build().toArray()).toArray(int[][]::new);
  }

  private static int[] resample(int[][] members, SplittableRandom random) {
    int[][] drawn = new int[members.length][];
    int total = 0;
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = members[random.nextInt(members.length)];
      total += drawn[i].length;
    }
    int[] indices = new int[total];
    int at = 0;
    for (int[] cluster : drawn) {
      System.arraycopy(cluster, 0, indices, at, cluster.length);
      at += cluster.length;
    }
    return indices;
  }
}
