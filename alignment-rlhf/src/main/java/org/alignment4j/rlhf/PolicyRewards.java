package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.MissingEos;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * What completions are rewarded and punished for.
 *
 * @param functions at least one when training begins
 * @param missingEnd what becomes of the reward of a completion that the length limit ended; null
 *     for nothing
 * @param overlong penalty on long completions; null for none
 * @param normaliser brings rewards to a common scale before advantages are made; null for none
 */
record PolicyRewards(
    List<WeightedReward> functions,
    @Nullable MissingEos missingEnd,
    @Nullable SoftOverlong overlong,
    @Nullable RewardNormaliser normaliser) {

  private static final String MISSING_END = "missing_end";
  private static final String OVERLONG = "overlong";
  private static final String KL_PENALTY = "kl_penalty";

  PolicyRewards {
    functions = List.copyOf(functions);
    requireFree(functions.stream().map(f -> f.function().name()).toList(), missingEnd, overlong);
  }

  /**
   * Refuses names of rewards under which a penalty is reported, or that break lines of logs.
   *
   * @throws IllegalArgumentException naming the first of them
   */
  void requireFree(List<String> names) {
    requireFree(names, missingEnd, overlong);
  }

  private static void requireFree(
      List<String> names, @Nullable MissingEos missingEnd, @Nullable SoftOverlong overlong) {
    for (String name : names) {
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "the name of a reward must have no control characters but was '%s'; take another name"
                .formatted(name.replaceAll("\\p{Cntrl}", "\ufffd")));
      }
      if (name.equals(KL_PENALTY)
          || (missingEnd != null && name.equals(MISSING_END))
          || (overlong != null && name.equals(OVERLONG))) {
        throw new IllegalArgumentException(
            "a reward must not have the name of a penalty but was '%s'; take another name"
                .formatted(name));
      }
    }
  }

  static PolicyRewards none() {
    return new PolicyRewards(List.of(), null, null, null);
  }

  PolicyRewards withMissingEnd(MissingEos rule) {
    return new PolicyRewards(functions, rule, overlong, normaliser);
  }

  PolicyRewards withOverlong(SoftOverlong penalty) {
    return new PolicyRewards(functions, missingEnd, penalty, normaliser);
  }

  PolicyRewards withNormaliser(RewardNormaliser value) {
    return new PolicyRewards(functions, missingEnd, overlong, value);
  }

  PolicyRewards and(WeightedReward reward) {
    if (functions.stream().anyMatch(f -> f.function().name().equals(reward.function().name()))) {
      throw new IllegalArgumentException(
          "rewards must have different names but two are '" + reward.function().name() + "'");
    }
    List<WeightedReward> more = new ArrayList<>(functions);
    more.add(reward);
    return new PolicyRewards(more, missingEnd, overlong, normaliser);
  }

  /**
   * Refuses prompts that a function cannot read.
   *
   * @throws IllegalArgumentException naming function and prompt
   */
  void requireReadable(DecoderModel policy, List<? extends Prompt> prompts) {
    functions.forEach(f -> f.function().requireReadable(policy, prompts));
  }

  /** Scores the completions of a step. */
  SequenceRewards score(long step, List<Rollout> rollouts, CancellationToken cancellation) {
    List<RewardComponent> components = new ArrayList<>();
    for (WeightedReward function : functions) {
      components.addAll(function.of(step, rollouts, cancellation));
    }
    FiniteRewards.requireSums(components, rollouts, step);
    return punished(SequenceRewards.of(step, components), rollouts);
  }

  /** Scores completions that those of a step are compared with, after these. */
  SequenceRewards scoreBaseline(long step, List<Rollout> rollouts, CancellationToken cancellation) {
    List<RewardComponent> components = new ArrayList<>();
    for (WeightedReward function : functions) {
      components.addAll(function.baseline(step, rollouts, cancellation));
    }
    FiniteRewards.requireSums(components, rollouts, step);
    return punished(SequenceRewards.of(step, components), rollouts);
  }

  /** Rewards with what the rules about ends and lengths change of them. */
  SequenceRewards punished(SequenceRewards given, List<Rollout> rollouts) {
    SequenceRewards rewards = given;
    if (missingEnd != null) {
      double[] changes = missingEnd(missingEnd, rewards.totals(), rollouts);
      rewards = rewards.with(RewardComponent.penalty(MISSING_END, changes));
    }
    return overlong == null
        ? rewards
        : rewards.with(
            RewardComponent.penalty(
                OVERLONG,
                rollouts.stream().mapToDouble(r -> overlong.reward(r.tokens().size())).toArray()));
  }

  /** What the rule changes of each reward. */
  private static double[] missingEnd(MissingEos rule, double[] totals, List<Rollout> rollouts) {
    boolean[] ended = new boolean[totals.length];
    for (int i = 0; i < ended.length; i++) {
      ended[i] = !rollouts.get(i).truncated();
    }
    double[] changes = rule.apply(totals, ended);
    for (int i = 0; i < changes.length; i++) {
      changes[i] -= totals[i];
    }
    return changes;
  }

  /** What the functions remember of what they gave. */
  RewardMemory memory() {
    RewardMemory memory = new RewardMemory(Map.of());
    for (int i = 0; i < functions.size(); i++) {
      memory = memory.and(i + "/", functions.get(i).function());
    }
    return memory;
  }

  /** What rewards depend on, as far as descriptions tell. */
  String describe() {
    return functions.stream()
            .map(f -> f.function().description() + " x " + f.weight())
            .collect(Collectors.joining(", "))
        + describeRules();
  }

  /** The rules that are set, each after a semicolon. */
  String describeRules() {
    return (missingEnd == null ? "" : "; missing end " + missingEnd)
        + (overlong == null ? "" : "; " + overlong)
        + (normaliser == null ? "" : "; " + normaliser);
  }
}
