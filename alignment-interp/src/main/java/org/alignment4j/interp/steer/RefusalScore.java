package org.alignment4j.interp.steer;

/** Formulas of the search for a refusal direction, in double precision. */
final class RefusalScore {

  private static final double EPSILON = 1e-8;

  private RefusalScore() {}

  /** {@code log(p + ε) − log(1 − p + ε)}, {@code p} the probability of all refusal tokens. */
  static double of(float[] logits, int[] refusalTokens) {
    double[] probabilities = softmax(logits);
    double p = 0;
    for (int token : refusalTokens) {
      p += probabilities[token];
    }
    return Math.log(p + EPSILON) - Math.log(1 - p + EPSILON);
  }

  /** {@code KL(p‖q) = Σ p (log p − log q)} of two rows of logits. */
  static double divergence(float[] logitsP, float[] logitsQ) {
    double[] p = softmax(logitsP);
    double normP = logSum(logitsP);
    double normQ = logSum(logitsQ);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] > 0) {
        sum += p[i] * ((logitsP[i] - normP) - (logitsQ[i] - normQ));
      }
    }
    return sum;
  }

  private static double[] softmax(float[] logits) {
    double norm = logSum(logits);
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - norm);
    }
    return p;
  }

  private static double logSum(float[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    return most + Math.log(sum);
  }
}
