package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Keeps the {@code k} highest scores and every score equal to the lowest of them, so that a tie may
 * keep more than {@code k} tokens (Fan et al. 2018).
 *
 * @param k how many to keep, at least 1; more than the vocabulary keeps all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TopK(int k) implements LogitsProcessor {

  public TopK {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1 but was " + k);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    if (k >= scores.length) {
      return;
    }
    double threshold = Rows.kthLargest(scores, k);
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < threshold) {
        scores[i] = REMOVED;
      }
    }
  }
}
