package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Length-normalised direct preference optimisation (Lambert et al. 2024, "Tülu 3", arXiv
 * 2411.15124; {@code sigmoid_norm} of TRL): {@code −log σ(β·(c/|y_w| − r/|y_l|))} with the log
 * ratios c and r of both answers, summed over tokens, and their numbers of tokens. Implicit rewards
 * are those of summed log ratios.
 *
 * @param beta β, positive and finite; larger than for summed log ratios, such as 5
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NormalisedDpoLoss(double beta) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public NormalisedDpoLoss {
    Settings.requireBeta(beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value d =
        ops.sub(
            ops.div(pairs.chosenRatio(ops), pairs.chosenLengths()),
            ops.div(pairs.rejectedRatio(ops), pairs.rejectedLengths()));
    return ops.neg(ops.logSigmoid(ops.scale(d, beta)));
  }
}
