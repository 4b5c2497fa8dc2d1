package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Soft adaptive policy optimisation (Gao et al. 2025, arXiv 2511.20347, eq. 6): {@code
 * −A·σ(τ·(ρ−1))·4/τ} at tokens, a gate that closes softly where a clip would cut. τ depends on the
 * sign of the advantage; an advantage of 0 counts as negative. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#sequenceMean()}.
 *
 * @param positive τ of positive advantages, positive; 1 is usual
 * @param negative τ of the others, positive; 1.05 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SapoLoss(double positive, double negative) implements PolicyLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a temperature is not positive and finite
   */
  public SapoLoss {
    Settings.requirePositive("positive", positive);
    Settings.requirePositive("negative", negative);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value ratio = ratio(ops, tokens);
    Value praised = Ratios.positive(ops, tokens.advantages());
    Value temperature = ops.shift(ops.scale(praised, positive - negative), negative);
    Value gate = ops.sigmoid(ops.mul(temperature, ops.shift(ratio, -1)));
    Value losses = ops.scale(ops.div(ops.mul(gate, tokens.advantages()), temperature), -4);
    return new LossTerms(
        ops.mul(losses, tokens.corrections()), PolicyMetrics.of(ops, tokens, ratio));
  }
}
