package org.alignment4j.rlhf;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * What reinforcement learning does, apart from how networks are optimised.
 *
 * @param method how rewards become updates
 * @param rewards what completions are rewarded for
 * @param rollouts how they are sampled
 * @param critic how values are learned, in methods that have any
 * @param constraint a bound on costs; null for none
 * @param divergenceEvery after how many steps the divergence from the reference is measured where
 *     nothing but its metric needs it, from 1
 * @param terms what updates minimise besides the loss of the method
 * @param reference what divergence is measured from; null for the model training starts from
 * @param rolloutsEvery after how many steps completions are logged; 0 for never
 */
record PolicySettings(
    PolicyMethod method,
    PolicyRewards rewards,
    RolloutOptions rollouts,
    Critic critic,
    @Nullable CostConstraint constraint,
    int divergenceEvery,
    PolicyTerms terms,
    @Nullable DecoderModel reference,
    int rolloutsEvery) {

  private static final int DIVERGENCE_EVERY = 10;

  PolicySettings {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(rewards, "rewards");
    Objects.requireNonNull(rollouts, "rollouts");
    Objects.requireNonNull(critic, "critic");
    if (divergenceEvery < 1) {
      throw new IllegalArgumentException(
          "divergenceEvery must be at least 1 but was " + divergenceEvery);
    }
  }

  PolicySettings(
      PolicyMethod method,
      PolicyRewards rewards,
      RolloutOptions rollouts,
      Critic critic,
      @Nullable CostConstraint constraint) {
    this(
        method, rewards, rollouts, critic, constraint, DIVERGENCE_EVERY, PolicyTerms.NONE, null, 0);
  }

  /** What a method is trained with unless told otherwise; it has no reward yet. */
  static PolicySettings of(PolicyMethod method) {
    return new PolicySettings(
        method, PolicyRewards.none(), RolloutOptions.of(64), Critic.standard(), null);
  }

  /** Whether the divergence from the reference stands in the reward. */
  private boolean penalised() {
    return !method.kl().equals(KlController.fixed(0));
  }

  /** Whether log-probabilities under the policy that sampled are needed besides one update. */
  boolean needsOld() {
    PolicyUpdates updates = method.updates();
    return penalised()
        || updates.perStep() > 1
        || updates.correction() != null
        || terms.entropy().tokens() != null;
  }

  /** Whether a step needs log-probabilities under the reference. */
  boolean needsReference(long step, long steps) {
    return penalised()
        || method.loss().needsReference()
        || step == 1
        || step == steps
        || step % divergenceEvery == 0;
  }

  PolicySettings withDivergenceEvery(int steps) {
    return new PolicySettings(
        method, rewards, rollouts, critic, constraint, steps, terms, reference, rolloutsEvery);
  }

  PolicySettings withRolloutsEvery(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("everySteps must be at least 1 but was " + steps);
    }
    return new PolicySettings(
        method, rewards, rollouts, critic, constraint, divergenceEvery, terms, reference, steps);
  }

  PolicySettings with(PolicyRewards other) {
    return new PolicySettings(
        method,
        other,
        rollouts,
        critic,
        constraint,
        divergenceEvery,
        terms,
        reference,
        rolloutsEvery);
  }

  PolicySettings with(RolloutOptions other) {
    return new PolicySettings(
        method,
        rewards,
        other,
        critic,
        constraint,
        divergenceEvery,
        terms,
        reference,
        rolloutsEvery);
  }

  PolicySettings with(Critic other) {
    return new PolicySettings(
        method,
        rewards,
        rollouts,
        other,
        constraint,
        divergenceEvery,
        terms,
        reference,
        rolloutsEvery);
  }

  PolicySettings with(CostConstraint other) {
    return new PolicySettings(
        method,
        rewards,
        rollouts,
        critic,
        Objects.requireNonNull(other, "constraint"),
        divergenceEvery,
        terms,
        reference,
        rolloutsEvery);
  }

  PolicySettings with(PolicyTerms other) {
    return new PolicySettings(
        method,
        rewards,
        rollouts,
        critic,
        constraint,
        divergenceEvery,
        other,
        reference,
        rolloutsEvery);
  }

  PolicySettings with(DecoderModel other) {
    return new PolicySettings(
        method,
        rewards,
        rollouts,
        critic,
        constraint,
        divergenceEvery,
        terms,
        other,
        rolloutsEvery);
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
    PolicyLimits limits = new PolicyLimits(this);
    limits.requirePairs();
    limits.requireLengths();
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
    if (constraint == null && PolicyVariants.needsConstraint(method)) {
      throw new IllegalArgumentException(
          ("%s needs a bound on costs but there is none; give one by constraint(cost, multiplier),"
                  + " or take PolicyMethod.ppo()")
              .formatted(method.name()));
    }
    RewardFit.check(method, rewards);
    terms.entropy().check(method);
    return new PolicySettings(
        method.fittedTo(rollouts.maxNewTokens()),
        rewards,
        rollouts,
        critic,
        constraint,
        divergenceEvery,
        terms,
        reference,
        rolloutsEvery);
  }

  /** What reward functions and the cost remember of what they gave. */
  RewardMemory memory() {
    RewardMemory memory = rewards.memory();
    return constraint == null ? memory : memory.and("cost/", constraint.cost());
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
    values.putAll(terms.describe());
    if (constraint != null) {
      values.put(
          "constraint",
          "%s, %s, critic %s"
              .formatted(
                  constraint.cost().description(),
                  constraint.multiplier(),
                  constraint.critic().describe()));
    }
    return values;
  }
}
