package org.alignment4j.rlhf.advantage;

import java.util.Objects;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Advantages relative to the group (Shao et al. 2024, DeepSeekMath, arXiv 2402.03300, section
 * 4.1.2): {@code A_i = (R_i − mean_g)/(std + ε)} at every token, with the unbiased standard
 * deviation. Several reward functions are summed before. Without scale it is Dr.GRPO (Liu et al.
 * 2025, arXiv 2503.20783). Equal rewards give exactly 0. A group of one is refused; a group of
 * which one reward is left gives it 0.
 *
 * @param scale what rewards are divided by
 * @param epsilon ε, positive; 1e-4 in TRL, 1e-6 in verl, 1e-9 in OpenRLHF
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GroupRelativeEstimator(Scale scale, double epsilon) implements AdvantageEstimator {

  /** What the distance of a reward from the mean of its group is divided by. */
  public enum Scale {
    /** The standard deviation of its group. */
    GROUP,
    /** The standard deviation of all rewards of the step. */
    BATCH,
    /** Nothing. */
    NONE
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when ε is not positive
   */
  public GroupRelativeEstimator {
    Objects.requireNonNull(scale, "scale");
    Settings.requirePositive("epsilon", epsilon);
  }

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    Groups groups = input.groups();
    groups.requirePairs("a group relative advantage");
    double[] totals = input.rewards().totals();
    boolean[] absent = input.rewards().absent();
    double[] present =
        IntStream.range(0, totals.length)
            .filter(s -> !absent[s])
            .mapToDouble(s -> totals[s])
            .toArray();
    double overall = Math.sqrt(MaskedStatistics.variance(present, Variance.BESSEL));
    double[] advantages = new double[totals.length];
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, totals, absent);
      double divisor =
          switch (scale) {
            case GROUP -> group.deviation() + epsilon;
            case BATCH -> overall + epsilon;
            case NONE -> 1;
          };
      if (!group.allEqual()) {
        for (int s : group.members()) {
          advantages[s] = (totals[s] - group.mean()) / divisor;
        }
      }
    }
    return Advantages.ofSequences(advantages, input);
  }
}
