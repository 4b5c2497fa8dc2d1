package org.alignment4j.rlhf;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What reinforcement learning does, apart from how networks are optimised.
 *
 * @param method how rewards become updates
 * @param rewards what completions are rewarded for
 * @param rollouts how they are sampled
 * @param critic how values are learned, in methods that have any
 * @param constraint a bound on costs; null for none
 */
record PolicySettings(
    PolicyMethod method,
    PolicyRewards rewards,
    RolloutOptions rollouts,
    Critic critic,
    @Nullable CostConstraint constraint) {

  PolicySettings {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(rewards, "rewards");
    Objects.requireNonNull(rollouts, "rollouts");
    Objects.requireNonNull(critic, "critic");
  }

  PolicySettings with(PolicyRewards other) {
    return new PolicySettings(method, other, rollouts, critic, constraint);
  }

  PolicySettings with(RolloutOptions other) {
    return new PolicySettings(method, rewards, other, critic, constraint);
  }

  PolicySettings with(Critic other) {
    return new PolicySettings(method, rewards, rollouts, other, constraint);
  }

  PolicySettings with(CostConstraint other) {
    return new PolicySettings(
        method, rewards, rollouts, critic, Objects.requireNonNull(other, "constraint"));
  }

  /**
   * The settings as they are used, for a number of prompts a step that completions are sampled of.
   *
   * @throws IllegalArgumentException when they do not go together
   */
  PolicySettings checked(int prompts) {
    if (rewards.functions().isEmpty()) {
      throw new IllegalArgumentException("a policy needs a reward; give one by reward(...)");
    }
    if (method.updates().miniBatches() > prompts) {
      throw new IllegalArgumentException(
          "miniBatches must be at most the prompts of a step, %s, but was %s"
              .formatted(prompts, method.updates().miniBatches()));
    }
    return checked();
  }

  /**
   * The settings as they are used.
   *
   * @throws IllegalArgumentException when they do not go together
   */
  PolicySettings checked() {
    if (constraint != null && !method.estimator().needsValues()) {
      throw new IllegalArgumentException(
          ("a constraint on costs needs a method with critics but the method is %s; take"
                  + " PolicyVariants.ppoLagrangian(), or give the cost as a reward of negative"
                  + " weight")
              .formatted(method.name()));
    }
    return new PolicySettings(
        method.fittedTo(rollouts.maxNewTokens()), rewards, rollouts, critic, constraint);
  }

  /** By name, for the description of a run. */
  Map<String, String> describe() {
    Map<String, String> values = new TreeMap<>();
    values.put("method", method.toString());
    values.put("rewards", rewards.describe());
    values.put("rollouts", rollouts.toString());
    if (method.estimator().needsValues()) {
      values.put("critic", critic.describe());
    }
    if (constraint != null) {
      values.put(
          "constraint",
          "%s, %s, critic %s"
              .formatted(
                  constraint.cost().name(),
                  constraint.multiplier(),
                  constraint.critic().describe()));
    }
    return values;
  }
}
