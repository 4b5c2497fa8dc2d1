package org.alignment4j.interp.probe;

import org.alignment4j.interp.activation.Rows;

/**
 * {@code weights·x + bias}.
 *
 * @param weights {@code [d]}; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
record LinearScore(double[] weights, double bias) {

  LinearScore {
    if (!Double.isFinite(bias)) {
      throw new IllegalArgumentException("bias must be finite but was " + bias);
    }
    for (double weight : weights) {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException("weights must be finite but one was " + weight);
      }
    }
  }

  /** {@code weights·(x − centre)}. */
  static LinearScore centred(double[] weights, double[] centre) {
    double bias = 0;
    for (int i = 0; i < weights.length; i++) {
      bias -= weights[i] * centre[i];
    }
    return new LinearScore(weights, bias);
  }

  double[] of(Rows rows) {
    rows.requireWidth(weights.length);
    double[] scores = new double[rows.count()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = rows.dot(i, weights) + bias;
    }
    return scores;
  }
}
