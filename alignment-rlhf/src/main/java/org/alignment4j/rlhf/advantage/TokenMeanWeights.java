package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * The mean over all tokens of the update (DAPO, arXiv 2503.14476, eq. 8): every token counts the
 * same, and so a prompt with long completions counts more.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenMeanWeights() implements TokenWeights {

  @Override
  public double weight(CompletionMask mask, Groups groups, int sequence) {
    return 1.0 / mask.total();
  }
}
