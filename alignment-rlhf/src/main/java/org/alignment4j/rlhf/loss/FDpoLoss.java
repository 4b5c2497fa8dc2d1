package org.alignment4j.rlhf.loss;

import java.util.Objects;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Direct preference optimisation under a divergence of one's choice (Wang et al. 2023, arXiv
 * 2309.16240): {@code −log σ(β·(s(c) − s(r)))} with the log ratios c and r of both answers and the
 * {@linkplain Divergence derivative s} of the divergence. Implicit rewards are {@code β·s}.
 *
 * @param beta β, positive and finite
 * @param divergence which
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FDpoLoss(double beta, Divergence divergence) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public FDpoLoss {
    Settings.requireBeta(beta);
    Objects.requireNonNull(divergence, "divergence");
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return ops.scale(divergence.derivative(ops, pairs.chosenRatio(ops)), beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    return ops.neg(ops.logSigmoid(ops.sub(reward(ops, pairs), reward(ops, pairs.swapped()))));
  }
}
