package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * The mean over all tokens of the update (DAPO, arXiv 2503.14476, eq. 8): every token counts the
 * same. Made from the mask of a micro-batch instead it would be BNPO, whose loss depends on the
 * split.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenMeanWeights() implements TokenWeights {

  @Override
  public double weight(CompletionMask mask, int sequence) {
    return 1.0 / mask.total();
  }
}
