package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Removes tokens less probable than a fraction of the most probable one (Nguyen et al. 2024).
 *
 * @param p the fraction, in [0, 1]; 0 keeps all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MinP(double p) implements LogitsProcessor {

  public MinP {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p must be in [0, 1] but was " + p);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    double max = Rows.max(scores);
    if (max == REMOVED) {
      return;
    }
    double total = Rows.sumExp(scores, max);
    double threshold = p * (1 / total);
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] != REMOVED && Math.exp(scores[i] - max) / total < threshold) {
        scores[i] = REMOVED;
      }
    }
  }
}
