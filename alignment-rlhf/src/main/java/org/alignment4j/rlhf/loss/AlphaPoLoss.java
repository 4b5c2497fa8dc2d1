package org.alignment4j.rlhf.loss;

import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Preference optimisation with rewards of another shape (AlphaPO, Gupta et al. 2025, arXiv
 * 2501.03884): {@link SimPoLoss} with {@code (1 − exp(−α·p))/α} in place of the mean
 * log-probability of a token, p, to which it tends for α → 0. Rewards are β times it. No reference.
 *
 * <p>The exponent {@code −α·p} is bounded by 80, beyond which answers give no gradient.
 *
 * @param beta β, positive and finite
 * @param gamma γ, the margin of rewards aimed at, finite and not negative
 * @param alpha α, finite and not 0; 0.1 to 0.25 in the paper's best runs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlphaPoLoss(double beta, double gamma, double alpha) implements PreferenceLoss {

  /** Above, exponentials overflow in float32. */
  private static final double LARGEST_EXPONENT = 80;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public AlphaPoLoss {
    Settings.requireBeta(beta);
    Settings.requireNotNegative("gamma", gamma);
    Settings.requireFinite("alpha", alpha);
    if (alpha == 0) {
      throw new IllegalArgumentException("alpha must not be 0, which is SimPoLoss, but was 0");
    }
  }

  @Override
  public Set<PairInput> inputs() {
    return Set.of();
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    Value exponent =
        ops.min(ops.scale(pairs.chosenMean(ops), -alpha), ops.constant(LARGEST_EXPONENT));
    return ops.scale(Exponentials.expm1(ops, exponent), -beta / alpha);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value margin = ops.sub(reward(ops, pairs), reward(ops, pairs.swapped()));
    return ops.neg(ops.logSigmoid(ops.shift(margin, -gamma)));
  }
}
