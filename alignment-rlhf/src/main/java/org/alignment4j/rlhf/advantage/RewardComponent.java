package org.alignment4j.rlhf.advantage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What one reward function says of every completion. Immutable and thread-safe.
 *
 * @param name name of the function, as messages and metrics show it
 * @param weight factor of its rewards in the total, finite
 * @param values a reward for each sequence; null where the function has no opinion, which is not
 *     the same as 0
 * @param kind whether it makes a reward, or changes one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardComponent(
    String name, double weight, List<@Nullable Double> values, Kind kind) {

  /** What a component is to the reward of a completion. */
  public enum Kind {
    /** What a reward function says: where any does, there is a reward. */
    REWARD,
    /** A penalty on length or divergence: it changes a reward and makes none. */
    PENALTY
  }

  /**
   * Checks the weight; the rewards are checked where the step is known.
   *
   * @throws IllegalArgumentException when the weight is not finite
   */
  public RewardComponent {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "weight of the reward '%s' must be finite but was %s".formatted(name, weight));
    }
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /**
   * Makes a component of rewards.
   *
   * @param name name of the function
   * @param weight factor of its rewards in the total, finite
   * @param values a reward for each sequence; null where the function has no opinion
   * @throws IllegalArgumentException when the weight is not finite
   */
  public RewardComponent(String name, double weight, List<@Nullable Double> values) {
    this(name, weight, values, Kind.REWARD);
  }

  /**
   * Returns a penalty of weight 1.
   *
   * @param name what metrics call it
   * @param values what is added to the reward of each sequence, as a rule not positive
   * @return the component
   */
  public static RewardComponent penalty(String name, double... values) {
    return new RewardComponent(name, 1, of(name, 1, values).values(), Kind.PENALTY);
  }

  /**
   * Returns a component that has an opinion of every completion.
   *
   * @param name name of the function
   * @param weight factor of its rewards
   * @param values a reward for each sequence
   * @return the component
   */
  public static RewardComponent of(String name, double weight, double... values) {
    List<@Nullable Double> list = new ArrayList<>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return new RewardComponent(name, weight, list);
  }
}
