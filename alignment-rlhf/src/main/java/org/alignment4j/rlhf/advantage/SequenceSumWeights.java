package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * The mean over sequences of the sum over their tokens: the log-probability of a completion as a
 * whole. With the loss of GSPO it is LUSPO.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequenceSumWeights() implements TokenWeights {

  @Override
  public double weight(CompletionMask mask, Groups groups, int sequence) {
    return 1.0 / mask.scoredSequences();
  }
}
