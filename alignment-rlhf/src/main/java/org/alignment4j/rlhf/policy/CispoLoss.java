package org.alignment4j.rlhf.policy;

import java.util.Objects;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Clipped importance sampling policy optimisation (MiniMax-M1, arXiv 2506.13585, eq. 4): {@code
 * −sg(clip(ρ))·A·log π} at tokens. The weight is clipped, not the gradient, so every token teaches.
 * Added up by {@link org.alignment4j.rlhf.advantage.TokenWeights#tokenMean()}. The clip ratios
 * count the tokens whose weight is cut, whatever their advantage.
 *
 * @param epsilonLow ε_low, in [0, 1]; 1 for no bound from below, as in the paper
 * @param epsilonHigh what the upper bound is made of, positive and finite
 * @param cap how it is made
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CispoLoss(double epsilonLow, double epsilonHigh, Cap cap) implements PolicyLoss {

  /** What the upper bound of weights is. */
  public enum Cap {
    /** {@code 1 + ε_high} (open-instruct, verl). */
    ONE_PLUS,
    /** {@code ε_high} itself (TRL, where 5 is usual). */
    EPSILON
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public CispoLoss {
    Settings.requireClip(epsilonLow, epsilonHigh);
    Settings.requirePositive("epsilonHigh", epsilonHigh);
    Objects.requireNonNull(cap, "cap");
    if (cap == Cap.EPSILON && epsilonHigh < 1) {
      throw new IllegalArgumentException(
          "epsilonHigh must be at least 1 where it is the bound itself but was " + epsilonHigh);
    }
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value ratio = ops.detached(ratio(ops, tokens));
    double low = 1 - epsilonLow;
    double high = cap == Cap.ONE_PLUS ? 1 + epsilonHigh : epsilonHigh;
    Value weights = ops.mul(ops.clamp(ratio, low, high), tokens.advantages());
    Value losses = ops.neg(ops.mul(weights, tokens.policy()));
    return new LossTerms(
        ops.mul(losses, tokens.corrections()),
        PolicyMetrics.of(
            ops, tokens, ratio, Ratios.below(ops, ratio, low), Ratios.above(ops, ratio, high)));
  }
}
