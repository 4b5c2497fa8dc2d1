package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * The mean over sequences of the mean over their tokens (GRPO, arXiv 2402.03300, eq. 3): a token of
 * a long completion counts less.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequenceMeanWeights() implements TokenWeights {

  @Override
  public double weight(CompletionMask mask, Groups groups, int sequence) {
    return 1.0 / mask.scoredSequences() / mask.count(sequence);
  }
}
