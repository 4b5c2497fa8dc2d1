package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;

/** What is reported of a step's rewards. Deviations are those of samples, with n − 1. */
final class RewardMetrics {

  private RewardMetrics() {}

  /**
   * Means and deviations, under the names of TRL 1.13, whose {@code reward_std} is that of the
   * whole step. What TRL called so before, the mean over groups of the deviations within them, is
   * {@code reward_group_std}. Completions without a reward have no part; where none has one, none
   * of these is there.
   *
   * @param groups which completions answer the same prompt
   */
  static Map<String, Double> of(SequenceRewards rewards, Groups groups) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    double[] all = totals(rewards, IntStream.range(0, rewards.sequences()).toArray());
    if (all.length > 0) {
      metrics.put("reward", Arrays.stream(all).average().orElseThrow());
      metrics.put("reward_std", deviation(all).orElse(0));
    }
    ofGroups(rewards, groups).ifPresent(mean -> metrics.put("reward_group_std", mean));
    for (RewardComponent component : rewards.components()) {
      double[] given =
          component.values().stream()
              .filter(Objects::nonNull)
              .mapToDouble(Objects::requireNonNull)
              .toArray();
      String name = "rewards/" + component.name();
      Arrays.stream(given).average().ifPresent(mean -> metrics.put(name + "/mean", mean));
      deviation(given).ifPresent(std -> metrics.put(name + "/std", std));
    }
    return metrics;
  }

  /**
   * The share of groups that teach nothing, since all their rewards are equal, or none but one is
   * there.
   *
   * @return empty where no group has a second completion
   */
  static OptionalDouble withoutDeviation(SequenceRewards rewards, Groups groups) {
    boolean[] equal = GroupFilter.exact().droppedGroups(rewards, groups);
    return IntStream.range(0, groups.count())
        .filter(g -> groups.members(g).length > 1)
        .mapToDouble(g -> equal[g] ? 1 : 0)
        .average();
  }

  private static OptionalDouble ofGroups(SequenceRewards rewards, Groups groups) {
    List<Double> deviations = new ArrayList<>();
    for (int g = 0; g < groups.count(); g++) {
      deviation(totals(rewards, groups.members(g))).ifPresent(deviations::add);
    }
    return deviations.stream().mapToDouble(d -> d).average();
  }

  private static double[] totals(SequenceRewards rewards, int[] sequences) {
    double[] totals = rewards.totals();
    return Arrays.stream(sequences).filter(rewards::present).mapToDouble(s -> totals[s]).toArray();
  }

  /** Empty for fewer than two values, and where parts that weigh nothing are too large for it. */
  private static OptionalDouble deviation(double[] values) {
    if (values.length < 2) {
      return OptionalDouble.empty();
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Double.isFinite(squares)
        ? OptionalDouble.of(Math.sqrt(squares / (values.length - 1)))
        : OptionalDouble.empty();
  }
}
