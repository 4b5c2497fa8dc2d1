package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Discovered preference optimisation (Lu et al. 2024, arXiv 2406.08414), the log-ratio modulated
 * loss: with {@code z = β·d} and {@code w = σ(z/τ)}, {@code (1 − w)·(−log σ(z)) + w·exp(−z)}: the
 * logistic loss where the pair is in the wrong order, the exponential one where it is in the right
 * one. Not convex: for τ = 0.05 it has a local minimum at z ≈ −0.1186 and a local maximum at z ≈
 * 0.0720, so that a pair at z = 0 is first moved into the wrong order, by little.
 *
 * @param beta β, positive and finite
 * @param temperature τ, positive and finite; 0.05 in the paper
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DiscoPopLoss(double beta, double temperature) implements PreferenceLoss {

  /** Below, the factor w of the exponential is far under a unit of rounding for every usual τ. */
  private static final double LOWEST = -20;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is not positive and finite
   */
  public DiscoPopLoss {
    Settings.requireBeta(beta);
    Settings.requirePositive("temperature", temperature);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value z = ops.scale(pairs.difference(ops), beta);
    Value modulation = ops.scale(z, 1 / temperature);
    Value logistic = ops.mul(ops.sigmoid(ops.neg(modulation)), ops.logSigmoid(z));
    Value bounded = ops.max(z, ops.constant(LOWEST));
    Value exponential = ops.mul(ops.sigmoid(modulation), ops.exp(ops.neg(bounded)));
    return ops.sub(exponential, logistic);
  }
}
