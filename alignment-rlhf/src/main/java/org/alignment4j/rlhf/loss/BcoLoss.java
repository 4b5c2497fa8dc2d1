package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Binary classifier optimisation (Jung et al. 2024, arXiv 2404.04656, eq. 10): {@code −w_D·log σ(r
 * − δ)} of a good answer and {@code −w_U·log σ(δ − r)} of a bad one, with the reward {@code r =
 * β·(log π − log π_ref)} and the running mean δ of the rewards.
 *
 * @param beta β, positive and finite
 * @param desirableWeight w_D, finite and not negative
 * @param undesirableWeight w_U, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BcoLoss(double beta, double desirableWeight, double undesirableWeight)
    implements UnpairedLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public BcoLoss {
    Settings.requireBeta(beta);
    Settings.requireNotNegative("desirableWeight", desirableWeight);
    Settings.requireNotNegative("undesirableWeight", undesirableWeight);
  }

  @Override
  public ReferencePoint referencePoint() {
    return ReferencePoint.RUNNING_REWARD;
  }

  @Override
  public Value losses(Ops ops, UnpairedLogProbs answers) {
    Value rewards = ops.scale(answers.ratios(ops), beta);
    Value above = ops.sub(rewards, ops.detached(answers.referencePoint()));
    Value fit = ops.logSigmoid(ops.mul(answers.signs(ops), above));
    return ops.neg(ops.mul(answers.weights(ops, desirableWeight, undesirableWeight), fit));
  }
}
