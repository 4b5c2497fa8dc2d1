package org.alignment4j.eval.judged;

import java.util.stream.IntStream;
import org.alignment4j.eval.judged.L1Logistic.Rows;

/**
 * The C of {@link L1Logistic} with the least log loss over folds of whole rows, as scikit-learn's
 * {@code LogisticRegressionCV} chooses: ten values from 1e-4 to 1e4, the mean over the folds of the
 * mean weighted loss of the rows left out, the smallest of equal ones; then a fit of all rows. Row
 * i is in fold i mod the number of folds: {@code GroupKFold} deals groups of one size out in turn
 * too, in an order that its sorting leaves open. Pure functions.
 */
final class CrossValidatedL1 {
  private static final int VALUES = 10;
  private static final double LOG_LEAST = -4;
  private static final double LOG_MOST = 4;
  private static final double CLIP = 1e-15;

  private CrossValidatedL1() {}

  /**
   * What was fitted.
   *
   * @param c the chosen C
   * @param coefficients of all rows at that C
   */
  record Fit(double c, double[] coefficients) {}

  static Fit fit(Rows rows, int folds) {
    double[] losses = new double[VALUES];
    for (int fold = 0; fold < folds; fold++) {
      Rows left = part(rows, folds, fold, false);
      Rows out = part(rows, folds, fold, true);
      double[] w = new double[rows.features()];
      for (int v = 0; v < VALUES; v++) {
        w = L1Logistic.fit(left, value(v), w);
        losses[v] += loss(out, w) / folds;
      }
    }
    int best = 0;
    for (int v = 1; v < VALUES; v++) {
      best = losses[v] < losses[best] ? v : best;
    }
    double c = value(best);
    return new Fit(c, L1Logistic.fit(rows, c, new double[rows.features()]));
  }

  /** The C of a number from 0 to 9, evenly spaced in the logarithm. */
  static double value(int number) {
    return Math.pow(10, LOG_LEAST + (LOG_MOST - LOG_LEAST) * number / (VALUES - 1));
  }

  private static Rows part(Rows rows, int folds, int fold, boolean inside) {
    int[] at = IntStream.range(0, rows.size()).filter(i -> (i % folds == fold) == inside).toArray();
    return new Rows(
        IntStream.of(at).mapToObj(i -> rows.x()[i]).toArray(double[][]::new),
        IntStream.of(at).mapToDouble(i -> rows.target()[i]).toArray(),
        IntStream.of(at).mapToDouble(i -> rows.weight()[i]).toArray());
  }

  private static double loss(Rows rows, double[] w) {
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      double p = L1Logistic.probability(L1Logistic.dot(rows.x()[i], w));
      double clipped = Math.min(1 - CLIP, Math.max(CLIP, p));
      double t = rows.target()[i];
      sum -= rows.weight()[i] * (t * Math.log(clipped) + (1 - t) * Math.log(1 - clipped));
    }
    return sum / rows.size();
  }
}
