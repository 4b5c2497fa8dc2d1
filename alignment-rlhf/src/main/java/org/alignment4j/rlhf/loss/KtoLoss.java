package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Kahneman-Tversky optimisation (Ethayarajh et al. 2024, arXiv 2402.01306, eq. 8): with the log
 * ratio Δ of an answer and the reference point z₀, {@code λ_D·σ(β(z₀ − Δ))} of a good answer and
 * {@code λ_U·σ(β(Δ − z₀))} of a bad one. {@code 1 − σ(u)} is written {@code σ(−u)}, which keeps its
 * digits where the loss is small.
 *
 * @param beta β, positive and finite
 * @param desirableWeight λ_D, finite and not negative
 * @param undesirableWeight λ_U, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KtoLoss(double beta, double desirableWeight, double undesirableWeight)
    implements UnpairedLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public KtoLoss {
    Settings.requireBeta(beta);
    Settings.requireNotNegative("desirableWeight", desirableWeight);
    Settings.requireNotNegative("undesirableWeight", undesirableWeight);
  }

  @Override
  public ReferencePoint referencePoint() {
    return ReferencePoint.MISMATCHED_KL;
  }

  @Override
  public Value losses(Ops ops, UnpairedLogProbs answers) {
    Value above = ops.sub(answers.ratios(ops), ops.detached(answers.referencePoint()));
    Value u = ops.scale(ops.mul(answers.signs(ops), above), -beta);
    return ops.mul(answers.weights(ops, desirableWeight, undesirableWeight), ops.sigmoid(u));
  }
}
