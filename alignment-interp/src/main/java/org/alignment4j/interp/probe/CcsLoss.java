package org.alignment4j.interp.probe;

import java.util.Arrays;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.regression.DifferentiableFunction;

/**
 * {@code mean((p⁺ − (1 − p⁻))² + min(p⁺, p⁻)²)} with {@code p = sigmoid(θ·x + b)}: consistency and
 * confidence of contrast pairs (Burns et al. 2022, arXiv 2212.03827, equations 1 and 2), of {@code
 * [θ, b]}. Where both probabilities are the same, the gradient is that of the positive one's.
 */
final class CcsLoss implements DifferentiableFunction {

  private final Rows positive;
  private final Rows negative;

  CcsLoss(Rows positive, Rows negative) {
    this.positive = positive;
    this.negative = negative;
  }

  @Override
  public double valueAndGradient(double[] point, double[] gradient) {
    Arrays.fill(gradient, 0);
    int n = positive.count();
    double loss = 0;
    for (int i = 0; i < n; i++) {
      double p = probability(positive, i, point);
      double q = probability(negative, i, point);
      double inconsistent = p - (1 - q);
      double least = Math.min(p, q);
      loss += inconsistent * inconsistent + least * least;
      double slopeP = 2 * inconsistent + (p <= q ? 2 * p : 0);
      double slopeQ = 2 * inconsistent + (p <= q ? 0 : 2 * q);
      add(gradient, positive, i, slopeP * p * (1 - p) / n);
      add(gradient, negative, i, slopeQ * q * (1 - q) / n);
    }
    return loss / n;
  }

  private static double probability(Rows rows, int row, double[] point) {
    double score = point[rows.width()];
    for (int j = 0; j < rows.width(); j++) {
      score += rows.get(row, j) * point[j];
    }
    return 1 / (1 + Math.exp(-score));
  }

  private static void add(double[] gradient, Rows rows, int row, double factor) {
    for (int j = 0; j < rows.width(); j++) {
      gradient[j] += factor * rows.get(row, j);
    }
    gradient[rows.width()] += factor;
  }
}
