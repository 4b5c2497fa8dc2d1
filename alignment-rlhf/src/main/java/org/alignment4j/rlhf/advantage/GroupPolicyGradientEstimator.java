package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Group policy gradient (GPG, Chu et al. 2025, arXiv 2504.02546): {@code A_i = α·(R_i −
 * mean_g)/F_norm} at every token, with {@code α = B/(B − M)} where M of the step's B groups have
 * equal rewards and so no gradient. Those groups stay in the mean over tokens, and α takes out of
 * it what they take in; a {@link GroupFilter} that leaves them out would count them twice. verl
 * ({@code gpg}) divides by the completions whose reward is not 0 instead. Groups without any reward
 * are none of B. Equal rewards give exactly 0. A group of one is refused.
 *
 * @param norm F_norm, positive; 1 in verl
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GroupPolicyGradientEstimator(double norm) implements AdvantageEstimator {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when F_norm is not positive
   */
  public GroupPolicyGradientEstimator {
    Settings.requirePositive("norm", norm);
  }

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    Groups groups = input.groups();
    groups.requirePairs("a group policy gradient");
    double[] totals = input.rewards().totals();
    boolean[] absent = input.rewards().absent();
    double[] advantages = new double[totals.length];
    int rewarded = 0;
    int telling = 0;
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, totals, absent);
      rewarded += group.size() > 0 ? 1 : 0;
      if (!group.allEqual()) {
        telling++;
        for (int s : group.members()) {
          advantages[s] = (totals[s] - group.mean()) / norm;
        }
      }
    }
    double alpha = telling == 0 ? 1 : (double) rewarded / telling;
    for (int s = 0; s < advantages.length; s++) {
      advantages[s] *= alpha;
    }
    return Advantages.ofSequences(advantages, input);
  }
}
