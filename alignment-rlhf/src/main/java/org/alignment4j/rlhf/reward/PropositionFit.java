package org.alignment4j.rlhf.reward;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Fitted weights and how well they order completions.
 *
 * @param weights what each proposition is worth
 * @param pairs pairs that were learned from
 * @param loss mean hinge on them
 * @param heldOutPairs pairs of the prompts that were held out; may be 0
 * @param heldOutLoss mean hinge on those; NaN without any
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PropositionFit(
    PropositionWeights weights, int pairs, double loss, int heldOutPairs, double heldOutLoss) {

  /** Checks that nothing is missing. */
  public PropositionFit {
    Objects.requireNonNull(weights, "weights");
  }
}
