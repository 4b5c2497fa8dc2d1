package org.alignment4j.rlhf;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.reward.Reward;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a reward function says of the answers of a step. Immutable and thread-safe.
 *
 * @param values one number per answer; empty for an answer the function does not apply to
 * @param parts named numbers behind the values, in the order to show them, each as long as the
 *     values; they are reported and not added to anything
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardScores(List<OptionalDouble> values, Map<String, List<OptionalDouble>> parts) {

  /** What the part is called that holds a reward model's own uncertainty. */
  public static final String STANDARD_DEVIATION = "standard_deviation";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a part has another length than the values, or a list or
   *     number is null
   */
  public RewardScores {
    values = copy("values", values);
    ImmutableMap.Builder<String, List<OptionalDouble>> copy = ImmutableMap.builder();
    for (Map.Entry<String, List<OptionalDouble>> part : parts.entrySet()) {
      if (part.getValue().size() != values.size()) {
        throw new IllegalArgumentException(
            "part '%s' must be of %s answers but is of %s"
                .formatted(part.getKey(), values.size(), part.getValue().size()));
      }
      copy.put(part.getKey(), copy("part '" + part.getKey() + "'", part.getValue()));
    }
    parts = copy.buildOrThrow();
  }

  private static List<OptionalDouble> copy(String name, @Nullable List<OptionalDouble> given) {
    if (given == null) {
      throw new IllegalArgumentException(name + " must be a list but was null");
    }
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i) == null) {
        throw new IllegalArgumentException(
            "%s[%s] must not be null; return OptionalDouble.empty() where there is nothing to say"
                .formatted(name, i));
      }
    }
    return List.copyOf(given);
  }

  /**
   * Returns scores without parts.
   *
   * @param values one number per answer
   * @return the scores
   */
  public static RewardScores of(List<OptionalDouble> values) {
    return new RewardScores(values, Map.of());
  }

  /**
   * Returns what a reward model says: its rewards, their components and, where it gives one, the
   * standard deviation.
   *
   * @param rewards one reward per answer
   * @return the scores
   */
  public static RewardScores ofRewards(List<Reward> rewards) {
    Set<String> names = new LinkedHashSet<>();
    rewards.forEach(reward -> names.addAll(reward.components().keySet()));
    ImmutableMap.Builder<String, List<OptionalDouble>> parts = ImmutableMap.builder();
    for (String name : names) {
      List<OptionalDouble> part = new ArrayList<>();
      for (Reward reward : rewards) {
        Double value = reward.components().get(name);
        part.add(value == null ? OptionalDouble.empty() : OptionalDouble.of(value));
      }
      parts.put(name, part);
    }
    if (!names.contains(STANDARD_DEVIATION)
        && rewards.stream().anyMatch(r -> r.standardDeviation().isPresent())) {
      parts.put(STANDARD_DEVIATION, rewards.stream().map(Reward::standardDeviation).toList());
    }
    return new RewardScores(
        rewards.stream().map(reward -> OptionalDouble.of(reward.value())).toList(),
        parts.buildOrThrow());
  }
}
