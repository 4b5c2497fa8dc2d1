package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Self-play preference optimisation with hard labels (Wu et al. 2024, arXiv 2405.00675): {@code (c
 * − 1/(2β))² + (r + 1/(2β))²} with the log ratios c and r of both answers: the preferred answer
 * wins with probability 1 and the other with 0, each ½ away from a draw.
 *
 * @param beta β (1/η in the paper), positive and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SppoLoss(double beta) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public SppoLoss {
    Settings.requireBeta(beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    double goal = 0.5 / beta;
    return ops.add(
        ops.square(ops.shift(pairs.chosenRatio(ops), -goal)),
        ops.square(ops.shift(pairs.rejectedRatio(ops), goal)));
  }
}
