package org.alignment4j.api.reward;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * How good an answer is.
 *
 * @param value the reward, higher is better
 * @param components named parts behind the value, in the order to show them; empty for a plain
 *     reward
 * @param standardDeviation the model's own uncertainty about the value; empty when it has none
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Reward(
    double value, Map<String, Double> components, OptionalDouble standardDeviation) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a number is not finite or the standard deviation
   *     negative; the message names the component
   */
  public Reward {
    requireFinite("value", value);
    components = ImmutableMap.copyOf(components);
    components.forEach((name, part) -> requireFinite("component '" + name + "'", part));
    if (standardDeviation.isPresent()) {
      requireFinite("standardDeviation", standardDeviation.getAsDouble());
      if (standardDeviation.getAsDouble() < 0) {
        throw new IllegalArgumentException(
            "standardDeviation must not be negative but was " + standardDeviation.getAsDouble());
      }
    }
  }

  private static void requireFinite(String name, double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("reward " + name + " must be finite but was " + number);
    }
  }

  /**
   * Returns a reward without parts.
   *
   * @param value the reward
   * @return the reward
   * @throws IllegalArgumentException when the value is not finite
   */
  public static Reward of(double value) {
    return new Reward(value, Map.of(), OptionalDouble.empty());
  }
}
