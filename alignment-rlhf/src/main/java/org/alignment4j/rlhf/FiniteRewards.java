package org.alignment4j.rlhf;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.alignment4j.rlhf.advantage.RewardComponent;

/** Refuses rewards that are no numbers while the completion that they are of is known. */
final class FiniteRewards {

  private static final String NO_OPINION =
      "give no score where there is nothing to say (OptionalDouble.empty(), null in a component)";
  private static final String NO_COST = "every completion must have a cost";

  private FiniteRewards() {}

  /**
   * Refuses rewards of a function.
   *
   * @param rollouts what they are of
   * @throws IllegalArgumentException naming component, completion and step
   */
  static void requireRewards(RewardComponent component, List<Rollout> rollouts, long step) {
    require("reward", component, rollouts, Rollout::place, step, NO_OPINION);
  }

  /**
   * Refuses rewards of completions that sampled ones are compared with.
   *
   * @param rollouts one for each prompt
   * @throws IllegalArgumentException naming component, prompt and step
   */
  static void requireBaseline(RewardComponent component, List<Rollout> rollouts, long step) {
    require(
        "reward",
        component,
        rollouts,
        r -> "the greedy completion of prompt " + r.prompt(),
        step,
        NO_OPINION);
  }

  /**
   * Refuses costs.
   *
   * @param rollouts what they are of
   * @throws IllegalArgumentException naming component, completion and step
   */
  static void requireCosts(RewardComponent component, List<Rollout> rollouts, long step) {
    require("cost", component, rollouts, Rollout::place, step, NO_COST);
  }

  private static void require(
      String kind,
      RewardComponent component,
      List<Rollout> rollouts,
      Function<Rollout, String> places,
      long step,
      String remedy) {
    for (int i = 0; i < rollouts.size(); i++) {
      Double value = component.values().get(i);
      if (value != null && !Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "%s '%s' of %s at step %s must be finite but was %s; %s"
                .formatted(
                    kind, component.name(), places.apply(rollouts.get(i)), step, value, remedy));
      }
    }
  }

  /**
   * Refuses sums that leave the range of numbers.
   *
   * @param rollouts what they are of
   * @throws IllegalArgumentException naming completion and step
   */
  static void requireSums(List<RewardComponent> components, List<Rollout> rollouts, long step) {
    for (int i = 0; i < rollouts.size(); i++) {
      double sum = 0;
      for (RewardComponent component : components) {
        Double value = component.values().get(i);
        sum += value == null ? 0 : component.weight() * value;
      }
      if (!Double.isFinite(sum)) {
        int place = i;
        throw new IllegalArgumentException(
            "the weighted sum of the rewards of %s at step %s must be finite but was %s, of %s"
                .formatted(
                    rollouts.get(i).place(),
                    step,
                    sum,
                    components.stream()
                        .map(c -> c.weight() + " x '" + c.name() + "' " + c.values().get(place))
                        .collect(Collectors.joining(" + "))));
      }
    }
  }
}
