package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Anchored preference optimisation, zero (D'Oosterlinck et al. 2024, arXiv 2408.06266): {@code 1 −
 * σ(βc) + σ(βr)} with the log ratios c and r of both answers. The preferred answer becomes likelier
 * and the other less likely, for pairs whose preferred answer is better than what the model writes.
 *
 * @param beta β, positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ApoZeroLoss(double beta) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public ApoZeroLoss {
    Settings.requireBeta(beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    return ops.add(
        ops.sigmoid(ops.scale(pairs.chosenRatio(ops), -beta)),
        ops.sigmoid(ops.scale(pairs.rejectedRatio(ops), beta)));
  }
}
