package org.alignment4j.rlhf.loss;

import java.util.List;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Log-probabilities of prompts under the model that is trained. Every value is {@code [pairs]}.
 *
 * @param logProbs summed over the tokens of the prompt but the first, which nothing predicts
 * @param lengths numbers of those tokens, from 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PromptLogProbs(Value logProbs, Value lengths) {

  /**
   * Checks that every value is a vector.
   *
   * @throws IllegalArgumentException when one is not
   */
  public PromptLogProbs {
    PairLogProbs.requireVectors(List.of(logProbs, lengths));
  }
}
