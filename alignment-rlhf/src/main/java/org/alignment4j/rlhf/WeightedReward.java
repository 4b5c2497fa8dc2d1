package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
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

  /** The rewards of a step. */
  RewardComponent of(List<Rollout> rollouts, CancellationToken cancellation) {
    List<OptionalDouble> scores = function.score(rollouts, cancellation);
    if (scores.size() != rollouts.size()) {
      throw new IllegalStateException(
          "reward '%s' must score each of %s completions but gave %s scores"
              .formatted(function.name(), rollouts.size(), scores.size()));
    }
    List<@Nullable Double> values = new ArrayList<>();
    for (OptionalDouble score : scores) {
      values.add(score.isPresent() ? (Double) score.getAsDouble() : null);
    }
    return new RewardComponent(function.name(), weight, values);
  }
}
