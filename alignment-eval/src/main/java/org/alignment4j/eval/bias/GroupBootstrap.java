package org.alignment4j.eval.bias;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;

/**
 * Bootstrap of a figure made of sums over groups of observations: whole groups are drawn, and each
 * is only a few sums.
 */
final class GroupBootstrap {

  private final Bootstrap bootstrap;

  GroupBootstrap(Bootstrap bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** For who needs the figures alone. */
  static GroupBootstrap valuesOnly() {
    return new GroupBootstrap(new Bootstrap(2, 0, 0.95));
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
   */
  <G> Estimate estimate(List<G> groups, long n, Figure<G> figure) {
    if (n == 0 || Double.isNaN(figure.of(groups))) {
      return nothing();
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
    return new Estimate(
        of.value(),
        of.standardError(),
        of.ciLow(),
        of.ciHigh(),
        of.confidence(),
        n,
        Math.min(n, groups.size()),
        0,
        0);
  }

  private Estimate nothing() {
    return bootstrap.of(0, drawn -> Double.NaN).estimate();
  }
}
