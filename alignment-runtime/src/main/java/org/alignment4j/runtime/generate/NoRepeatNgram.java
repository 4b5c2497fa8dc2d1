package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Removes every token that would complete an n-gram already in the sequence, prompt included
 * (Paulus et al. 2017, section 2.5). Size 1 forbids every token seen so far.
 *
 * @param size length of the n-grams, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NoRepeatNgram(int size) implements LogitsProcessor {

  public NoRepeatNgram {
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1 but was " + size);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    int prefix = length + 1 - size;
    for (int start = 0; start + size <= length; start++) {
      boolean same = true;
      for (int i = 0; same && i < size - 1; i++) {
        same = tokens[start + i] == tokens[prefix + i];
      }
      if (same) {
        int last = start + size - 1;
        scores[Rows.checkToken(tokens[last], last, scores.length)] = REMOVED;
      }
    }
  }
}
