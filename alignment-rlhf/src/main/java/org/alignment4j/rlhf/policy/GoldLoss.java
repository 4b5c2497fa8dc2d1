package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * GOLD (Pang and He 2021, arXiv 2009.07839, as A-LoL's authors compare with it): {@code
 * −R·sg(max(π, floor))·log π} at tokens, with the reward for the advantage, so that completions
 * that the policy finds likely teach most. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#sequenceSum()}.
 *
 * @param floor smallest weight, in [0, 1]; 0.1 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GoldLoss(double floor) implements PolicyLoss {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when the floor is out of range
   */
  public GoldLoss {
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("floor must be in [0, 1] but was " + floor);
    }
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value weights = ops.max(ops.exp(ops.detached(tokens.policy())), ops.constant(floor));
    Value losses = ops.neg(ops.mul(ops.mul(weights, tokens.advantages()), tokens.policy()));
    return new LossTerms(
        ops.mul(losses, tokens.corrections()), PolicyMetrics.of(ops, tokens, ratio(ops, tokens)));
  }
}
