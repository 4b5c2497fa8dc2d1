package org.alignment4j.rlhf.loss;

import java.util.List;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a preference loss sees of a batch of pairs: log-probabilities summed over the tokens of each
 * answer, end token included, and the numbers of those tokens. Every value is {@code [pairs]}.
 *
 * @param policyChosen log-probability of the preferred answer under the model that is trained
 * @param policyRejected log-probability of the other answer under the model that is trained
 * @param referenceChosen log-probability of the preferred answer under the frozen reference
 * @param referenceRejected log-probability of the other answer under the frozen reference
 * @param chosenLengths tokens of the preferred answer
 * @param rejectedLengths tokens of the other answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairLogProbs(
    Value policyChosen,
    Value policyRejected,
    Value referenceChosen,
    Value referenceRejected,
    Value chosenLengths,
    Value rejectedLengths) {

  /** Checks that every value is a vector. */
  public PairLogProbs {
    for (Value v :
        List.of(
            policyChosen,
            policyRejected,
            referenceChosen,
            referenceRejected,
            chosenLengths,
            rejectedLengths)) {
      if (v.rank() != 1) {
        throw new IllegalArgumentException("values must have the shape [pairs] but one was " + v);
      }
    }
  }

  /** The log ratio of the preferred answer, {@code log π(y_w) − log π_ref(y_w)}. */
  public Value chosenRatio(Ops ops) {
    return ops.sub(policyChosen, referenceChosen);
  }

  /** The log ratio of the other answer, {@code log π(y_l) − log π_ref(y_l)}. */
  public Value rejectedRatio(Ops ops) {
    return ops.sub(policyRejected, referenceRejected);
  }

  /** By how much the log ratio of the preferred answer exceeds that of the other. */
  public Value difference(Ops ops) {
    return ops.sub(chosenRatio(ops), rejectedRatio(ops));
  }

  /** The same pairs with the answers exchanged. */
  public PairLogProbs swapped() {
    return new PairLogProbs(
        policyRejected,
        policyChosen,
        referenceRejected,
        referenceChosen,
        rejectedLengths,
        chosenLengths);
  }
}
