package org.alignment4j.rlhf.loss;

import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Simple preference optimisation (Meng et al. 2024, arXiv 2405.14734, eq. 6): {@code −log σ(β·(p_w
 * − p_l) − γ)} with the answers' mean log-probabilities of a token, p. Rewards are {@code β·p}. No
 * reference and no term of supervised fine-tuning, which some trainers add: {@link
 * PreferenceLoss#withSft}.
 *
 * @param beta β, positive and finite; 2 to 10 is usual
 * @param gamma γ, the margin of rewards aimed at, finite and not negative; a quarter to eight
 *     tenths of β is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SimPoLoss(double beta, double gamma) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public SimPoLoss {
    Settings.requireBeta(beta);
    Settings.requireNotNegative("gamma", gamma);
  }

  @Override
  public Set<PairInput> inputs() {
    return Set.of();
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return ops.scale(pairs.chosenMean(ops), beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value margin = ops.scale(ops.sub(pairs.chosenMean(ops), pairs.rejectedMean(ops)), beta);
    return ops.neg(ops.logSigmoid(ops.shift(margin, -gamma)));
  }
}
