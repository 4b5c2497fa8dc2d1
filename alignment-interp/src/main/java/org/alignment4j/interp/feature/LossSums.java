package org.alignment4j.interp.feature;

/** Gathers {@link LossRecovered} over predicted tokens, in double. */
final class LossSums {
  private long positions;
  private double clean;
  private double replaced;
  private double ablated;
  private double divergenceReplaced;
  private double divergenceAblated;

  /** Adds a prediction: logits over the vocabulary in each run, and the token that came. */
  void add(float[] cleanLogits, float[] replacedLogits, float[] ablatedLogits, int next) {
    double[] p = logProbabilities(cleanLogits);
    double[] q = logProbabilities(replacedLogits);
    double[] zero = logProbabilities(ablatedLogits);
    positions++;
    clean -= p[next];
    replaced -= q[next];
    ablated -= zero[next];
    divergenceReplaced += divergence(p, q);
    divergenceAblated += divergence(p, zero);
  }

  LossRecovered result() {
    if (positions == 0) {
      throw new IllegalStateException(
          "the loss needs at least one predicted token but there was none; give longer texts, or"
              + " exclude fewer tokens");
    }
    return new LossRecovered(
        positions,
        clean / positions,
        replaced / positions,
        ablated / positions,
        divergenceReplaced / positions,
        divergenceAblated / positions);
  }

  static double[] logProbabilities(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    double total = max + Math.log(sum);
    double[] logProbabilities = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      logProbabilities[i] = logits[i] - total;
    }
    return logProbabilities;
  }

  /** {@code Σ p (log p − log q)}. */
  static double divergence(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double probability = Math.exp(p[i]);
      sum += probability == 0 ? 0 : probability * (p[i] - q[i]);
    }
    return sum;
  }
}
