package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Noise contrastive alignment on pairs (Chen et al. 2024, arXiv 2402.05369): {@code −log σ(βc) −
 * ½·log σ(−βc) − ½·log σ(−βr)} with the log ratios c and r of both answers. Unlike the sigmoid loss
 * it has an opinion on each log ratio, so that the preferred answer does not become unlikely.
 *
 * @param beta β, positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NcaLoss(double beta) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public NcaLoss {
    Settings.requireBeta(beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value chosen = ops.scale(pairs.chosenRatio(ops), beta);
    Value rejected = ops.scale(pairs.rejectedRatio(ops), beta);
    Value noise = ops.add(ops.logSigmoid(ops.neg(chosen)), ops.logSigmoid(ops.neg(rejected)));
    return ops.neg(ops.add(ops.logSigmoid(chosen), ops.scale(noise, 0.5)));
  }
}
