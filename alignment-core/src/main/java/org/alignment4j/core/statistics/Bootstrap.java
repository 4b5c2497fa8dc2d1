package org.alignment4j.core.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * Percentile bootstrap (Efron 1979) for figures that are not means: ratios, medians, areas,
 * calibration errors. The interval contains the figure of all items: where the resampled ones lie
 * to one side of it, as those of a biased figure may, the interval is widened to it. A figure that
 * is the same in every resample has no interval (NaN), since the items do not show how it varies.
 * The same seed gives the same interval on every machine. Immutable and thread-safe.
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
    return each(new double[] {value}, clusters, items -> new double[] {figure.applyAsDouble(items)})
        .get(0);
  }

  /**
   * Returns the intervals of many ratios of sums with one divisor, such as effects as shares of one
   * range. The resamples are those of {@link #of(int, ToDoubleFunction)}, and so are the intervals
   * up to rounding, in a fraction of the time.
   *
   * @param above what is summed above, by ratio and by item
   * @param below what is summed below, by item
   * @return the intervals, in the order of the ratios
   * @throws IllegalArgumentException if a ratio has another number of items than the divisor, or is
   *     not finite although there are some
   */
  public List<Result> ratios(List<double[]> above, double[] below) {
    int items = below.length;
    List<double[]> sums = List.copyOf(above);
    double[] values = new double[sums.size()];
    for (int f = 0; f < values.length; f++) {
      if (sums.get(f).length != items) {
        throw new IllegalArgumentException(
            "every ratio must have the "
                + items
                + " items of the divisor but ratio "
                + f
                + " has "
                + sums.get(f).length);
      }
      values[f] = sum(sums.get(f)) / sum(below);
      if (items > 0 && !Double.isFinite(values[f])) {
        throw new IllegalArgumentException(
            "ratio "
                + f
                + " of all "
                + items
                + " items must be a finite number but was "
                + values[f]);
      }
    }
    List<Result> results = new ArrayList<>(values.length);
    if (items < 2) {
      for (double value : values) {
        results.add(
            items == 0
                ? new Result(Estimates.nothing(confidence), 0)
                : new Result(estimate(value, new double[0], items, items), 0));
      }
      return results;
    }
    RatioBootstrap drawn = new RatioBootstrap(counts(items), below);
    for (int f = 0; f < values.length; f++) {
      RatioBootstrap.Drawn ratios = drawn.drawn(sums.get(f));
      results.add(new Result(estimate(values[f], ratios, items), resamples - ratios.count()));
    }
    return results;
  }

  /** How often each item is in each resample. */
  private double[][] counts(int items) {
    double[][] counts = new double[items][resamples];
    int[][] members = new int[items][];
    Arrays.setAll(members, item -> new int[] {item});
    SplittableRandom random = new SplittableRandom(seed);
    for (int r = 0; r < resamples; r++) {
      for (int item : resample(members, random)) {
        counts[item][r]++;
      }
    }
    return counts;
  }

  private Estimate estimate(double value, RatioBootstrap.Drawn drawn, int n) {
    double tail = (1 - confidence) / 2;
    boolean varies = drawn.varies();
    return new Estimate(
        value,
        drawn.count() < 2 ? Double.NaN : drawn.deviation(),
        varies ? Math.min(value, drawn.low(tail)) : Double.NaN,
        varies ? Math.max(value, drawn.high(tail)) : Double.NaN,
        confidence,
        n,
        n,
        0,
        0);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /**
   * Returns the intervals of several figures of the same resamples.
   *
   * @param values the figures of all items, finite
   * @param clusters the cluster of each item, not empty unless there is no figure
   * @param figures computes the figures from item indices, each NaN where undefined
   */
  List<Result> each(double[] values, int[] clusters, Function<int[], double[]> figures) {
    int[][] members = members(clusters);
    double[][] drawn = new double[values.length][members.length < 2 ? 0 : resamples];
    int[] defined = new int[values.length];
    if (members.length >= 2 && values.length > 0) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int r = 0; r < resamples; r++) {
        double[] resampled = figures.apply(resample(members, random));
        for (int f = 0; f < values.length; f++) {
          if (Double.isFinite(resampled[f])) {
            drawn[f][defined[f]++] = resampled[f];
          }
        }
      }
    }
    List<Result> results = new ArrayList<>(values.length);
    for (int f = 0; f < values.length; f++) {
      double[] sorted = Arrays.copyOf(drawn[f], defined[f]);
      Arrays.sort(sorted);
      Estimate estimate = estimate(values[f], sorted, clusters.length, members.length);
      results.add(new Result(estimate, drawn[f].length - defined[f]));
    }
    return results;
  }

  private Estimate estimate(double value, double[] sorted, int n, int clusters) {
    double tail = (1 - confidence) / 2;
    double error = sorted.length < 2 ? Double.NaN : Moments.deviation(sorted);
    boolean varies = sorted.length > 0 && sorted[0] < sorted[sorted.length - 1];
    return new Estimate(
        value,
        error,
        varies ? Math.min(value, quantile(sorted, tail)) : Double.NaN,
        varies ? Math.max(value, quantile(sorted, 1 - tail)) : Double.NaN,
        confidence,
        n,
        clusters,
        0,
        0);
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
