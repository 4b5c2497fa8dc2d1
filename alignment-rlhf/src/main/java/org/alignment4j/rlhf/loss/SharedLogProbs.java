package org.alignment4j.rlhf.loss;

import java.util.List;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Log-probabilities of the first m tokens of both answers of each pair, where m is the length of
 * the shorter answer. Every value is {@code [pairs]}.
 *
 * @param policyChosen of the preferred answer under the model that is trained
 * @param policyRejected of the other answer under the model that is trained
 * @param referenceChosen of the preferred answer under the frozen reference
 * @param referenceRejected of the other answer under the frozen reference
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SharedLogProbs(
    Value policyChosen, Value policyRejected, Value referenceChosen, Value referenceRejected) {

  /**
   * Checks that every value is a vector.
   *
   * @throws IllegalArgumentException when one is not
   */
  public SharedLogProbs {
    PairLogProbs.requireVectors(
        List.of(policyChosen, policyRejected, referenceChosen, referenceRejected));
  }

  /**
   * Returns the same pairs with the answers exchanged.
   *
   * @return new values
   */
  public SharedLogProbs swapped() {
    return new SharedLogProbs(policyRejected, policyChosen, referenceRejected, referenceChosen);
  }
}
