package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.List;

/**
 * Ordered completions of the same prompts, as the linear hinge {@code mean relu(c_p − w·d_p)}:
 * {@code d_p} is the better one's features less the worse one's, {@code c_p = μ·margin + R(worse) −
 * R(better)}.
 *
 * @param differences {@code [pairs][features]}
 * @param constants {@code [pairs]}
 */
record AnswerMargins(double[][] differences, double[] constants) {

  /** Every pair of completions of different quality of each group. */
  static AnswerMargins of(List<List<GradedAnswer>> groups, double margin) {
    List<double[]> differences = new ArrayList<>();
    List<Double> constants = new ArrayList<>();
    for (List<GradedAnswer> group : groups) {
      for (GradedAnswer better : group) {
        for (GradedAnswer worse : group) {
          if (better.quality() > worse.quality()) {
            double[] difference = new double[better.features().size()];
            for (int j = 0; j < difference.length; j++) {
              difference[j] = better.features().get(j) - worse.features().get(j);
            }
            differences.add(difference);
            constants.add(
                margin * (better.quality() - worse.quality()) + worse.reward() - better.reward());
          }
        }
      }
    }
    return new AnswerMargins(
        differences.toArray(double[][]::new),
        constants.stream().mapToDouble(Double::doubleValue).toArray());
  }

  int size() {
    return constants.length;
  }

  /** The mean hinge; NaN of no pair. */
  double loss(double[] weights) {
    double sum = 0;
    for (int p = 0; p < constants.length; p++) {
      sum += Math.max(0, shortfall(p, weights));
    }
    return sum / constants.length;
  }

  /** A subgradient of the mean hinge. */
  double[] gradient(double[] weights) {
    double[] gradient = new double[weights.length];
    for (int p = 0; p < constants.length; p++) {
      if (shortfall(p, weights) > 0) {
        for (int j = 0; j < gradient.length; j++) {
          gradient[j] -= differences[p][j] / constants.length;
        }
      }
    }
    return gradient;
  }

  /** By how much a pair falls short of its margin. */
  private double shortfall(int pair, double[] weights) {
    double value = constants[pair];
    for (int j = 0; j < weights.length; j++) {
      value -= weights[j] * differences[pair][j];
    }
    return value;
  }
}
