package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The hinge loss on implicit rewards: {@code max(0, 1 − β·d)} with the difference d of the log
 * ratios (the calibration loss of SLiC, Zhao et al. 2023, on log ratios).
 *
 * @param beta β, positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HingeLoss(double beta) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public HingeLoss {
    Settings.requireBeta(beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    return ops.relu(ops.shift(ops.scale(pairs.difference(ops), -beta), 1));
  }
}
