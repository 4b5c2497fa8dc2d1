package org.alignment4j.interp.regression;

import java.util.Arrays;
import org.alignment4j.interp.activation.Rows;

/**
 * {@code (1/n) Σ log(1 + exp(−sᵢ(w·xᵢ + b))) + (l2/2)|w|²} with {@code sᵢ = ±1}: the mean negative
 * log-likelihood of logistic regression with an L2 penalty on the weights, not on the intercept.
 */
final class LogisticLoss implements DifferentiableFunction {

  private final Rows x;
  private final boolean[] positive;
  private final double l2;
  private final boolean intercept;
  private final double[] row;

  /** A loss of one thread, of {@code [w, b]} with an intercept and of {@code w} without. */
  LogisticLoss(Rows x, boolean[] positive, double l2, boolean intercept) {
    this.x = x;
    this.positive = positive.clone();
    this.l2 = l2;
    this.intercept = intercept;
    this.row = new double[x.width()];
  }

  @Override
  public double valueAndGradient(double[] point, double[] gradient) {
    Arrays.fill(gradient, 0);
    int width = x.width();
    double bias = intercept ? point[width] : 0;
    double loss = 0;
    for (int i = 0; i < x.count(); i++) {
      x.copyRow(i, row);
      double sign = positive[i] ? 1 : -1;
      double margin = bias;
      for (int j = 0; j < width; j++) {
        margin += point[j] * row[j];
      }
      margin *= sign;
      loss += softplus(-margin);
      double slope = -sign * sigmoid(-margin) / x.count();
      for (int j = 0; j < width; j++) {
        gradient[j] += slope * row[j];
      }
      if (intercept) {
        gradient[width] += slope;
      }
    }
    loss /= x.count();
    for (int j = 0; j < width; j++) {
      loss += l2 / 2 * point[j] * point[j];
      gradient[j] += l2 * point[j];
    }
    return loss;
  }

  static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
