package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Direct preference optimisation (Rafailov et al. 2023, eq. 7): {@code −(1−ε)·log σ(β·d) − ε·log
 * σ(−β·d)} with the difference d of the log ratios; ε = 0 is the original. Tokens that both answers
 * begin with cancel in d, so scores from where the answers diverge give the same loss and gradient.
 *
 * @param beta β, positive and finite
 * @param labelSmoothing ε, probability of a wrong label, in [0, 0.5)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DpoLoss(double beta, double labelSmoothing) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public DpoLoss {
    Settings.requireBeta(beta);
    Settings.requireBelowHalf("labelSmoothing", labelSmoothing);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    return ofMargin(ops, ops.scale(pairs.difference(ops), beta), labelSmoothing);
  }

  /** {@code −(1−ε)·log σ(z) − ε·log σ(−z)}. */
  static Value ofMargin(Ops ops, Value z, double labelSmoothing) {
    Value right = ops.scale(ops.logSigmoid(z), labelSmoothing - 1);
    if (labelSmoothing == 0) {
      return right;
    }
    return ops.add(right, ops.scale(ops.logSigmoid(ops.neg(z)), -labelSmoothing));
  }
}
