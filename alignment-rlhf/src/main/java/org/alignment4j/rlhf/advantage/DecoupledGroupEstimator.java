package org.alignment4j.rlhf.advantage;

import java.util.stream.IntStream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Group reward-decoupled normalisation (GDPO, TRL {@code normalize_then_sum}): each reward function
 * is standardised in its group by itself, the weighted sum is standardised over the step, so that a
 * function of wide spread does not drown the others. Standard deviations are unbiased, divisors are
 * {@code std + ε}. A function that gives a group equal rewards, or has no opinion, adds 0.
 *
 * <p>Penalties ({@link RewardComponent.Kind#PENALTY}), such as that on divergence, are added to the
 * weighted sum less their mean in the group and are not divided, since a divisor of their own would
 * cancel their coefficient; TRL has none of them beside this aggregation.
 *
 * @param epsilon ε, positive; 1e-4 in TRL
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DecoupledGroupEstimator(double epsilon) implements AdvantageEstimator {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when ε is not positive
   */
  public DecoupledGroupEstimator {
    Settings.requirePositive("epsilon", epsilon);
  }

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    input.groups().requirePairs("a decoupled group advantage");
    double[] sums = new double[input.rewards().sequences()];
    for (RewardComponent component : input.rewards().components()) {
      add(component, input.groups(), sums);
    }
    boolean[] absent = input.rewards().absent();
    double[] present =
        IntStream.range(0, sums.length).filter(s -> !absent[s]).mapToDouble(s -> sums[s]).toArray();
    double mean = MaskedStatistics.mean(present);
    double divisor = Math.sqrt(MaskedStatistics.variance(present, Variance.BESSEL)) + epsilon;
    double[] advantages = new double[sums.length];
    for (int s = 0; s < sums.length; s++) {
      advantages[s] = absent[s] ? 0 : (sums[s] - mean) / divisor;
    }
    return Advantages.ofSequences(advantages, input);
  }

  private void add(RewardComponent component, Groups groups, double[] sums) {
    double[] values = new double[sums.length];
    boolean[] absent = new boolean[sums.length];
    for (int s = 0; s < sums.length; s++) {
      @Nullable Double value = component.values().get(s);
      absent[s] = value == null;
      values[s] = value == null ? 0 : value;
    }
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, values, absent);
      if (!group.allEqual()) {
        double divisor =
            component.kind() == RewardComponent.Kind.PENALTY ? 1 : group.deviation() + epsilon;
        for (int s : group.members()) {
          sums[s] += component.weight() * (values[s] - group.mean()) / divisor;
        }
      }
    }
  }
}
