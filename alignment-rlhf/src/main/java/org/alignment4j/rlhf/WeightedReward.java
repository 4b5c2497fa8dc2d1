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

  /** The rewards of a step that messages do not number. */
  List<RewardComponent> of(List<Rollout> rollouts, CancellationToken cancellation) {
    return of("", rollouts.size(), () -> function.scores(rollouts, cancellation));
  }

  /**
   * The rewards of a step, and after them their parts, which weigh nothing.
   *
   * @param step its number, for messages
   * @throws ModelExecutionException when the function fails or does not score every completion,
   *     named with the step; failures that name themselves pass as they are
   */
  List<RewardComponent> of(long step, List<Rollout> rollouts, CancellationToken cancellation) {
    return of(" at step " + step, rollouts.size(), () -> function.scores(rollouts, cancellation));
  }

  /** The rewards of answers that those of a step are compared with, after these. */
  List<RewardComponent> baseline(
      long step, List<Rollout> rollouts, CancellationToken cancellation) {
    return of(
        " at step " + step, rollouts.size(), () -> function.baselineScores(rollouts, cancellation));
  }

  private List<RewardComponent> of(String when, int rollouts, Supplier<RewardScores> given) {
    RewardScores scores = scores(when, given);
    if (scores.values().size() != rollouts) {
      throw new ModelExecutionException(
          "reward '%s' must score each of %s completions but gave %s scores%s"
              .formatted(function.name(), rollouts, scores.values().size(), when));
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

  private RewardScores scores(String when, Supplier<RewardScores> given) {
    try {
      return Objects.requireNonNull(given.get(), "scores must not be null but were");
    } catch (AlignmentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ModelExecutionException(
          "reward '%s' must score every completion but failed%s: %s; look at the cause"
              .formatted(function.name(), when, e.getMessage() == null ? e : e.getMessage()),
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
