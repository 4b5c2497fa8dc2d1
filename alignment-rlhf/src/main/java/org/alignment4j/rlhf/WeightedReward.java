package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.jspecify.annotations.Nullable;

/**
 * A reward function and its weight in the sum.
 *
 * @param function scores completions
 * @param weight finite
 */
record WeightedReward(RewardFunction function, double weight) {

  WeightedReward {
    Objects.requireNonNull(function, "function");
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "weight of the reward '%s' must be finite but was %s".formatted(function.name(), weight));
    }
  }

  /**
   * The rewards of a step, and after them their parts, which weigh nothing.
   *
   * @param step its number, for messages
   * @throws ModelExecutionException when the function fails or does not score every completion,
   *     named with the step; failures that name themselves pass as they are
   * @throws IllegalArgumentException when a reward is not finite, named by completion and step
   */
  List<RewardComponent> of(long step, List<Rollout> rollouts, CancellationToken cancellation) {
    List<RewardComponent> given =
        of(step, "reward", rollouts, () -> function.scores(rollouts, cancellation));
    given.forEach(c -> FiniteRewards.requireRewards(c, rollouts, step));
    return given;
  }

  /** The rewards of answers that those of a step are compared with, after these. */
  List<RewardComponent> baseline(
      long step, List<Rollout> rollouts, CancellationToken cancellation) {
    List<RewardComponent> given =
        of(step, "reward", rollouts, () -> function.baselineScores(rollouts, cancellation));
    given.forEach(c -> FiniteRewards.requireBaseline(c, rollouts, step));
    return given;
  }

  /**
   * What the function says of a step where it is a cost, as {@link #of} but named as one.
   *
   * @throws IllegalArgumentException when a cost is not finite, named by completion and step
   */
  List<RewardComponent> costs(long step, List<Rollout> rollouts, CancellationToken cancellation) {
    List<RewardComponent> given =
        of(step, "cost", rollouts, () -> function.scores(rollouts, cancellation));
    given.forEach(c -> FiniteRewards.requireCosts(c, rollouts, step));
    return given;
  }

  private List<RewardComponent> of(
      long step, String kind, List<Rollout> rollouts, Supplier<RewardScores> given) {
    RewardScores scores = scores(step, kind, given);
    if (scores.values().size() != rollouts.size()) {
      throw new ModelExecutionException(
          "%s '%s' must score each of %s completions but gave %s scores at step %s"
              .formatted(kind, function.name(), rollouts.size(), scores.values().size(), step));
    }
    List<RewardComponent> components = new ArrayList<>();
    components.add(new RewardComponent(function.name(), weight, nullable(scores, scores.values())));
    scores
        .parts()
        .forEach(
            (name, part) ->
                components.add(
                    new RewardComponent(function.name() + "/" + name, 0, nullable(scores, part))));
    return components;
  }

  private RewardScores scores(long step, String kind, Supplier<RewardScores> given) {
    try {
      return Objects.requireNonNull(given.get(), "scores must not be null but were");
    } catch (AlignmentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ModelExecutionException(
          "%s '%s' must score every completion but failed at step %s: %s; look at the cause"
              .formatted(kind, function.name(), step, e.getMessage() == null ? e : e.getMessage()),
          e);
    }
  }

  /** Where the function has no opinion a part has none either: it must not make one of it. */
  private static List<@Nullable Double> nullable(RewardScores scores, List<OptionalDouble> part) {
    List<@Nullable Double> values = new ArrayList<>();
    for (int i = 0; i < part.size(); i++) {
      boolean known = scores.values().get(i).isPresent() && part.get(i).isPresent();
      values.add(known ? (Double) part.get(i).getAsDouble() : null);
    }
    return values;
  }
}
