package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.apiguardian.api.API;

/**
 * A bound on the mean cost of completions, kept by a multiplier that grows while costs are above it
 * (PPO-Lagrangian, Dai et al. 2023, Safe RLHF, arXiv 2310.12773, section 3.3). Immutable.
 *
 * @param cost costs completions; it must have an opinion of every one
 * @param multiplier λ at the beginning and how it changes; it holds the budget d
 * @param critic the network that tells what completions will cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CostConstraint(RewardFunction cost, LagrangeMultiplier multiplier, Critic critic) {

  /** Checks that nothing is missing. */
  public CostConstraint {
    Objects.requireNonNull(cost, "cost");
    Objects.requireNonNull(multiplier, "multiplier");
    Objects.requireNonNull(critic, "critic");
  }
}
