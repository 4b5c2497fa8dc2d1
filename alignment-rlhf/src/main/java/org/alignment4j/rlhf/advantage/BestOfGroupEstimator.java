package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * The advantage for the best of a group (Tang et al. 2025, arXiv 2503.19595; verl {@code
 * grpo_passk}): the best completion gets {@code (r_1 − r_2)/(std + ε)} over the second best, with
 * the unbiased standard deviation of the group, at every token; all others get 0. It raises the
 * expected best of a group rather than the mean. Where two are best nobody gets anything. A group
 * of one is refused; a group of which one reward is left gives it 0.
 *
 * @param epsilon ε, positive; 1e-6 in verl
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BestOfGroupEstimator(double epsilon) implements AdvantageEstimator {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when ε is not positive
   */
  public BestOfGroupEstimator {
    Settings.requirePositive("epsilon", epsilon);
  }

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    Groups groups = input.groups();
    groups.requirePairs("an advantage for the best of a group");
    double[] totals = input.rewards().totals();
    boolean[] absent = input.rewards().absent();
    double[] advantages = new double[totals.length];
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, totals, absent);
      if (group.size() < 2) {
        continue;
      }
      int best = -1;
      double second = Double.NEGATIVE_INFINITY;
      for (int s : group.members()) {
        if (best < 0 || totals[s] > totals[best]) {
          second = best < 0 ? second : totals[best];
          best = s;
        } else {
          second = Math.max(second, totals[s]);
        }
      }
      advantages[best] = (totals[best] - second) / (group.deviation() + epsilon);
    }
    return Advantages.ofSequences(advantages, input);
  }
}
