package org.alignment4j.oversight.sandwich;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.apiguardian.api.API;

/**
 * Percentile bootstrap of figures whose observations share participants and questions: both are
 * drawn anew and independently, and an observation weighs the product of how often its two were
 * drawn (Owen 2007, The Pigeonhole Bootstrap). It is rather too wide than too narrow. The interval
 * contains the figure; one that is the same in every resample has none. Immutable.
 *
 * @param resamples number of resamples, at least 1000 for an interval worth printing
 * @param seed seed of the resampling
 * @param confidence level in (0, 1)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TwoWayBootstrap(int resamples, long seed, double confidence) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if resamples are below 2 or the level is outside (0, 1)
   */
  public TwoWayBootstrap {
    if (resamples < 2 || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "resamples must be at least 2 and confidence in (0, 1) but they were "
              + resamples
              + " and "
              + confidence);
    }
  }

  /** Two thousand resamples at level 0.95. */
  public static TwoWayBootstrap seeded(long seed) {
    return new TwoWayBootstrap(2000, seed, 0.95);
  }

  /**
   * Returns the interval of a figure. Its clusters are those of the scarcer of both factors that
   * vary.
   *
   * @param rows the participant of each observation
   * @param columns the question of each observation
   * @param figure computes the figure from the weight of each observation; NaN where undefined
   * @throws IllegalArgumentException if the lengths differ, there is no observation, or the figure
   *     of all is not finite
   */
  public Bootstrap.Result of(
      List<String> rows, List<String> columns, ToDoubleFunction<double[]> figure) {
    int n = rows.size();
    if (n == 0 || columns.size() != n) {
      throw new IllegalArgumentException(
          "there must be a participant and a question for each observation, and one at least, but"
              + " there are "
              + n
              + " and "
              + columns.size());
    }
    double[] weights = new double[n];
    Arrays.fill(weights, 1);
    double value = figure.applyAsDouble(weights);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "the figure of all observations must be a finite number but was " + value);
    }
    int[] row = numbered(rows);
    int[] column = numbered(columns);
    int rowCount = Arrays.stream(row).max().orElse(0) + 1;
    int columnCount = Arrays.stream(column).max().orElse(0) + 1;
    SplittableRandom random = new SplittableRandom(seed);
    double[] drawn = new double[resamples];
    int defined = 0;
    for (int r = 0; r < resamples; r++) {
      int[] rowTimes = times(rowCount, random);
      int[] columnTimes = times(columnCount, random);
      for (int i = 0; i < n; i++) {
        weights[i] = (double) rowTimes[row[i]] * columnTimes[column[i]];
      }
      double figured = figure.applyAsDouble(weights);
      if (Double.isFinite(figured)) {
        drawn[defined++] = figured;
      }
    }
    double[] sorted = Arrays.copyOf(drawn, defined);
    Arrays.sort(sorted);
    int clusters =
        Math.min(rowCount == 1 ? columnCount : rowCount, columnCount == 1 ? rowCount : columnCount);
    return new Bootstrap.Result(estimate(value, sorted, n, clusters), resamples - defined);
  }

  private Estimate estimate(double value, double[] sorted, int n, int clusters) {
    boolean varies = sorted.length > 1 && sorted[0] < sorted[sorted.length - 1];
    double tail = (1 - confidence) / 2;
    return new Estimate(
        value,
        sorted.length < 2 ? Double.NaN : deviation(sorted),
        varies ? Math.min(value, quantile(sorted, tail)) : Double.NaN,
        varies ? Math.max(value, quantile(sorted, 1 - tail)) : Double.NaN,
        confidence,
        n,
        clusters,
        0,
        0);
  }

  private static int[] times(int count, SplittableRandom random) {
    int[] times = new int[count];
    for (int i = 0; i < count; i++) {
      times[random.nextInt(count)]++;
    }
    return times;
  }

  private static int[] numbered(List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    return names.stream()
        .mapToInt(name -> numbers.computeIfAbsent(name, ignored -> numbers.size()))
        .toArray();
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  private static double quantile(double[] sorted, double level) {
    double position = level * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
