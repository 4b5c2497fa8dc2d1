package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Binary classifier optimisation on pairs (Jung et al. 2024, arXiv 2404.04656; {@code bco_pair} of
 * TRL): {@code −log σ(βc) − log σ(−βr)} with the log ratios c and r of both answers. The running
 * mean of rewards that unpaired answers need is left out, since every batch of pairs has as many
 * good answers as bad ones.
 *
 * @param beta β, positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BcoPairLoss(double beta) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public BcoPairLoss {
    Settings.requireBeta(beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value right = ops.logSigmoid(ops.scale(pairs.chosenRatio(ops), beta));
    Value wrong = ops.logSigmoid(ops.scale(pairs.rejectedRatio(ops), -beta));
    return ops.neg(ops.add(right, wrong));
  }
}
