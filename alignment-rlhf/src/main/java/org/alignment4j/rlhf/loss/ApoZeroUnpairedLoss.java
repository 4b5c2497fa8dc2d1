package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Anchored preference optimisation of single answers (D'Oosterlinck et al. 2024, arXiv 2408.06266,
 * eq. 7): {@code w_D·σ(−β·Δ)} of a good answer and {@code w_U·σ(β·Δ)} of a bad one, with the log
 * ratio Δ. It raises good answers above where the reference has them and lowers bad ones below.
 *
 * @param beta β, positive and finite
 * @param desirableWeight w_D, finite and not negative
 * @param undesirableWeight w_U, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ApoZeroUnpairedLoss(double beta, double desirableWeight, double undesirableWeight)
    implements UnpairedLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public ApoZeroUnpairedLoss {
    Settings.requireBeta(beta);
    Settings.requireNotNegative("desirableWeight", desirableWeight);
    Settings.requireNotNegative("undesirableWeight", undesirableWeight);
  }

  @Override
  public ReferencePoint referencePoint() {
    return ReferencePoint.NONE;
  }

  @Override
  public Value losses(Ops ops, UnpairedLogProbs answers) {
    Value u = ops.scale(ops.mul(answers.signs(ops), answers.ratios(ops)), -beta);
    return ops.mul(answers.weights(ops, desirableWeight, undesirableWeight), ops.sigmoid(u));
  }
}
