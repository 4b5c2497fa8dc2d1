package org.alignment4j.eval.bias;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;

/**
 * Bootstrap of a figure made of sums over groups of observations: whole groups are drawn, and each
 * is only a few sums.
 */
final class GroupBootstrap {

  private final Bootstrap bootstrap;
  private final boolean valuesOnly;

  GroupBootstrap(Bootstrap bootstrap) {
    this(bootstrap, false);
  }

  private GroupBootstrap(Bootstrap bootstrap, boolean valuesOnly) {
    this.bootstrap = bootstrap;
    this.valuesOnly = valuesOnly;
  }

  /** For who needs the figures alone. */
  static GroupBootstrap valuesOnly() {
    return new GroupBootstrap(new Bootstrap(2, 0, 0.95), true);
  }

  double confidence() {
    return bootstrap.confidence();
  }

  /** A figure of groups, of which some may repeat; NaN where it is undefined. */
  @FunctionalInterface
  interface Figure<G> {
    double of(List<G> groups);
  }

  /** Gathers observations by group. */
  static <T> List<List<T>> groups(List<T> observations, Function<T, String> by) {
    Map<String, List<T>> groups = new LinkedHashMap<>();
    for (T observation : observations) {
      groups.computeIfAbsent(by.apply(observation), name -> new ArrayList<>()).add(observation);
    }
    return List.copyOf(groups.values());
  }

  /**
   * The interval of a figure; nothing with {@code n = 0} where the figure of all groups is
   * undefined.
   *
   * @param groups the groups
   * @param n observations behind the figure
   * @param constant the interval of a figure that is the same in every resample
   */
  <G> Estimate estimate(
      List<G> groups, long n, Figure<G> figure, DoubleFunction<Estimate> constant) {
    double value = figure.of(groups);
    if (n == 0 || Double.isNaN(value)) {
      return nothing();
    }
    if (valuesOnly) {
      return estimate(value, Double.NaN, Double.NaN, Double.NaN, n, groups.size());
    }
    Estimate of =
        bootstrap
            .of(
                groups.size(),
                drawn -> {
                  List<G> resampled = new ArrayList<>(drawn.length);
                  for (int index : drawn) {
                    resampled.add(groups.get(index));
                  }
                  return figure.of(resampled);
                })
            .estimate();
    Estimate interval = Double.isNaN(of.ciLow()) ? constant.apply(value) : of;
    return estimate(
        value, of.standardError(), interval.ciLow(), interval.ciHigh(), n, groups.size());
  }

  private Estimate estimate(double value, double error, double low, double high, long n, long of) {
    return new Estimate(value, error, low, high, confidence(), n, Math.min(n, of), 0, 0);
  }

  /**
   * The interval of a mean of observations within a range that does not vary, where each has the
   * value of all: see {@link Estimates#boundedMean(double[], int[], double, double, double)}.
   *
   * @param sizes how many observations each group has
   */
  Estimate bounded(double value, int[] sizes, double least, double greatest) {
    int[] clusters =
        IntStream.range(0, sizes.length)
            .flatMap(group -> IntStream.generate(() -> group).limit(sizes[group]))
            .toArray();
    double[] values = new double[clusters.length];
    Arrays.fill(values, value);
    return Estimates.boundedMean(values, clusters, least, greatest, confidence());
  }

  private Estimate nothing() {
    return bootstrap.of(0, drawn -> Double.NaN).estimate();
  }
}
