package org.alignment4j.interp.audit;

import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.regression.LogisticRegression;
import org.apiguardian.api.API;

/**
 * Scores as probabilities: {@code sigmoid(slope·score + offset)} (Platt 1999, equation 1).
 *
 * @param slope above 0 where higher scores are more often positive
 * @param offset what is added
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PlattScale(double slope, double offset) {

  /**
   * Fits to labelled scores, with the penalty 1/n on scores of unit deviation, so that separable
   * ones have a finite slope.
   *
   * @param scores of rows that the probe was not fitted on
   * @param positive the class of each
   * @param cancellation asks to stop at the next step
   * @throws IllegalArgumentException if lengths differ, a class has no score, or all are the same
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static PlattScale fit(
      double[] scores, boolean[] positive, CancellationToken cancellation) {
    double mean = 0;
    for (double score : scores) {
      mean += score / scores.length;
    }
    double squares = 0;
    for (double score : scores) {
      squares += (score - mean) * (score - mean);
    }
    double deviation = Math.sqrt(squares / scores.length);
    if (!(deviation > 0)) {
      throw new IllegalArgumentException(
          "scores must differ to be scaled but all of " + scores.length + " were " + mean);
    }
    double[][] rows = new double[scores.length][1];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = (scores[i] - mean) / deviation;
    }
    LogisticRegression.Fit fit =
        LogisticRegression.of(1.0 / scores.length).fit(Rows.of(rows), positive, cancellation);
    double slope = fit.weights()[0] / deviation;
    return new PlattScale(slope, fit.bias() - slope * mean);
  }

  /** The probability of the positive class, in (0, 1). */
  public double probability(double score) {
    return 1 / (1 + Math.exp(-(slope * score + offset)));
  }
}
