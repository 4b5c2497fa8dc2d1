package org.alignment4j.runtime.generate;

import org.alignment4j.api.ModelExecutionException;

/** Classifier-free guidance (Sanchez et al. 2023, equation 7). */
final class GuidedLogits {
  private GuidedLogits() {}

  /**
   * Leads from one distribution to and beyond another: {@code log n + scale · (log p - log n)}.
   *
   * @param prompt logits after the prompt, {@code [vocabSize]}
   * @param negative logits after the negative prompt, {@code [vocabSize]}
   * @param scale 1 gives {@code log p}, 0 gives {@code log n}
   * @return the guided scores, not normalised
   * @throws ModelExecutionException when a logit is not finite
   */
  static double[] of(float[] prompt, float[] negative, double scale) {
    double[] scores = Rows.logSoftmax(prompt);
    double[] away = Rows.logSoftmax(negative);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = away[i] + scale * (scores[i] - away[i]);
    }
    return scores;
  }
}
