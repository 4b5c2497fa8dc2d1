package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Anchored preference optimisation, down (D'Oosterlinck et al. 2024, arXiv 2408.06266): {@code
 * σ(βc) + 1 − σ(β·(c − r))} with the log ratios c and r of both answers. Both answers become less
 * likely, the other one more so, for pairs whose preferred answer is worse than what the model
 * writes.
 *
 * @param beta β, positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ApoDownLoss(double beta) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public ApoDownLoss {
    Settings.requireBeta(beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    return ops.add(
        ops.sigmoid(ops.scale(pairs.chosenRatio(ops), beta)),
        ops.sigmoid(ops.scale(pairs.difference(ops), -beta)));
  }
}
