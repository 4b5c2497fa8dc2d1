package org.alignment4j.oversight.sandwich;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;

/**
 * Means over observations with intervals over participants and questions.
 *
 * @param bootstrap how intervals are drawn
 */
record Shares(TwoWayBootstrap bootstrap) {

  Estimate mean(List<Observation> observations, ToDoubleFunction<Observation> value) {
    if (observations.isEmpty()) {
      return Estimates.mean(new double[0]);
    }
    double[] values = observations.stream().mapToDouble(value).toArray();
    return bootstrap
        .of(
            observations.stream().map(Observation::participant).toList(),
            observations.stream().map(Observation::question).toList(),
            weights -> weighted(values, weights))
        .estimate();
  }

  Estimate share(List<Observation> observations, Predicate<Observation> holds) {
    return mean(observations, o -> holds.test(o) ? 1 : 0);
  }

  static double weighted(double[] values, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * values[i];
      weight += weights[i];
    }
    return sum / weight;
  }
}
