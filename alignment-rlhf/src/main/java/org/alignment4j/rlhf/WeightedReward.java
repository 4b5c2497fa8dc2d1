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

  /** The rewards of a step, and after them their parts, which weigh nothing. */
  List<RewardComponent> of(List<Rollout> rollouts, CancellationToken cancellation) {
    RewardScores scores = function.scores(rollouts, cancellation);
    if (scores.values().size() != rollouts.size()) {
      throw new IllegalStateException(
          "reward '%s' must score each of %s completions but gave %s scores"
              .formatted(function.name(), rollouts.size(), scores.values().size()));
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
