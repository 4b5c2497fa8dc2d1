package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Robust direct preference optimisation (Chowdhury et al. 2024, eq. 8): {@code [−(1−ε)·log σ(β·d) +
 * ε·log σ(−β·d)] / (1−2ε)}. Unbiased when labels are flipped with probability ε; may be negative.
 *
 * @param beta β, positive and finite
 * @param flipProbability ε, in [0, 0.5)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RobustDpoLoss(double beta, double flipProbability) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public RobustDpoLoss {
    Settings.requireBeta(beta);
    Settings.requireBelowHalf("flipProbability", flipProbability);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value z = ops.scale(pairs.difference(ops), beta);
    double scale = 1 / (1 - 2 * flipProbability);
    return ops.add(
        ops.scale(ops.logSigmoid(z), (flipProbability - 1) * scale),
        ops.scale(ops.logSigmoid(ops.neg(z)), flipProbability * scale));
  }
}
