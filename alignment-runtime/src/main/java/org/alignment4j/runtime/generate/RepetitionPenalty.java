package org.alignment4j.runtime.generate;

import java.util.BitSet;
import org.apiguardian.api.API;

/**
 * Divides positive and multiplies negative logits of every token already in the sequence, prompt
 * included, once each (CTRL, Keskar et al. 2019, section 4.1).
 *
 * @param penalty above 1 discourages repetition, below 1 encourages it; positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RepetitionPenalty(double penalty) implements LogitsProcessor {

  public RepetitionPenalty {
    if (!(penalty > 0) || Double.isInfinite(penalty)) {
      throw new IllegalArgumentException("penalty must be positive and finite but was " + penalty);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    BitSet seen = new BitSet(scores.length);
    for (int i = 0; i < length; i++) {
      int token = Rows.checkToken(tokens[i], i, scores.length);
      if (!seen.get(token)) {
        seen.set(token);
        double score = scores[token];
        scores[token] = score < 0 ? score * penalty : score / penalty;
      }
    }
  }
}
