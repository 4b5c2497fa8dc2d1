package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.Epochs;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * Samples the completions of a step and has them scored; where a method leaves groups out, in
 * several rounds. What is sampled depends on the seed, the step and the policy alone. Immutable.
 *
 * @param sampler samples
 * @param settings method, rewards and costs
 * @param epochs the prompts of each step
 */
record RolloutCollector(RolloutSampler sampler, PolicySettings settings, Epochs epochs) {

  /**
   * Samples and scores.
   *
   * @param policy the model as it is
   * @param step number of the step
   * @throws IllegalArgumentException when a reward or cost is not finite, or a cost is missing
   */
  ScoredStep collect(DecoderModel policy, long step, CancellationToken cancellation) {
    GroupSampling groups = settings.method().groups();
    List<Integer> wanted = epochs.batch(step);
    List<Integer> asked = new ArrayList<>(wanted);
    SampledStep sampled = sampler.sample(policy, wanted, step, 0, cancellation);
    SequenceRewards rewards = score(step, sampled, cancellation);
    int rounds = 1;
    for (int missing = missing(groups.filter(), sampled, rewards, wanted.size());
        missing > 0 && rounds < groups.rounds();
        missing = missing(groups.filter(), sampled, rewards, wanted.size())) {
      List<Integer> further = further(asked, missing, step, rounds);
      SampledStep more = sampler.sample(policy, further, step, rounds, cancellation);
      rewards = rewards.followedBy(score(step, more, cancellation));
      sampled = sampled.and(more);
      asked.addAll(further);
      rounds++;
    }
    return new ScoredStep(
        sampled,
        rewards,
        greedy(policy, asked, step, cancellation),
        costs(step, sampled, cancellation),
        rounds);
  }

  private SequenceRewards score(long step, SampledStep sampled, CancellationToken cancellation) {
    return settings.rewards().score(step, sampled.rollouts(), cancellation);
  }

  /** How many groups are still to be learned from. */
  private static int missing(
      @Nullable GroupFilter filter, SampledStep sampled, SequenceRewards rewards, int wanted) {
    if (filter == null) {
      return 0;
    }
    boolean[] dropped = filter.droppedGroups(rewards, sampled.groups());
    return wanted - (int) IntStream.range(0, dropped.length).filter(g -> !dropped[g]).count();
  }

  /** Prompts that the step has not sampled yet, in random order; and others where these end. */
  private List<Integer> further(List<Integer> asked, int count, long step, int round) {
    SplittableRandom random = sampler.choices(step);
    for (int r = 1; r < round; r++) {
      random = random.split();
    }
    Set<Integer> known = new HashSet<>(asked);
    List<Integer> order = new ArrayList<>(IntStream.range(0, sampler.prompts()).boxed().toList());
    for (int i = order.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int moved = order.get(i);
      order.set(i, order.get(j));
      order.set(j, moved);
    }
    List<Integer> chosen = new ArrayList<>(order.stream().filter(p -> !known.contains(p)).toList());
    chosen.addAll(order.stream().filter(known::contains).toList());
    return chosen.subList(0, Math.min(count, chosen.size()));
  }

  private @Nullable TokenValues greedy(
      DecoderModel policy, List<Integer> prompts, long step, CancellationToken cancellation) {
    if (!settings.method().estimator().needsGreedyRewards()) {
      return null;
    }
    SampledStep greedy = sampler.greedy(policy, prompts, cancellation);
    SequenceRewards rewards =
        settings.rewards().scoreBaseline(step, greedy.rollouts(), cancellation);
    for (int g = 0; g < prompts.size(); g++) {
      if (!rewards.present(g)) {
        throw new IllegalArgumentException(
            ("rewards must have an opinion of the greedy completion that others are compared with,"
                    + " but have none of prompt %s at step %s")
                .formatted(prompts.get(g), step));
      }
    }
    return TokenValues.of(new double[][] {rewards.totals()});
  }

  private @Nullable SequenceRewards costs(
      long step, SampledStep sampled, CancellationToken cancellation) {
    CostConstraint constraint = settings.constraint();
    if (constraint == null) {
      return null;
    }
    SequenceRewards costs =
        SequenceRewards.of(
            step,
            new WeightedReward(constraint.cost(), 1).costs(step, sampled.rollouts(), cancellation));
    for (int i = 0; i < costs.sequences(); i++) {
      if (!costs.present(i)) {
        throw new IllegalArgumentException(
            "cost '%s' must have an opinion of every completion but has none of %s at step %s"
                .formatted(constraint.cost().name(), sampled.rollouts().get(i).place(), step));
      }
    }
    return costs;
  }
}
