package org.alignment4j.interp.memory;

/** {@code exp(x_i)/Σ exp(x_j)}. */
final class Softmax {

  private Softmax() {}

  static double[] of(double[] logits) {
    double total = logSum(logits);
    double[] shares = new double[logits.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(logits[i] - total);
    }
    return shares;
  }

  /** {@code log Σ exp(x_i)}. */
  static double logSum(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }
}
