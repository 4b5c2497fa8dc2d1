package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Pass@k training (Chen et al. 2025, arXiv 2508.10751, the analytical derivation): what is rewarded
 * is that one of k completions is right. Of a group of n completions, c of them right, every subset
 * of k has the reward 1 where it holds a right one and else 0, with the mean {@code R = 1 −
 * C(n−c,k)/C(n,k)} and the deviation {@code σ = √(R(1 − R))} over all subsets. A completion's
 * advantage is the mean of {@code (reward − R)/σ} over the subsets that hold it:
 *
 * <ul>
 *   <li>{@code (1 − R)/σ} of a right one,
 *   <li>{@code (1 − R − C(n−c−1,k−1)/C(n−1,k−1))/σ} of a wrong one,
 * </ul>
 *
 * at every token. The sum over a group is 0. A group whose subsets all have one reward gives
 * exactly 0: without a right one, and with so many that no k are wrong, from where on more right
 * answers earn nothing. With k of 1 these are rewards standardised by the biased deviation.
 *
 * <p>The reward of a completion must be 1 or 0: penalties on divergence belong in the loss. Groups
 * of fewer than k are refused; a group of which fewer than k rewards are left gives 0.
 *
 * @param k completions of which one has to be right, from 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PassAtKEstimator(int k) implements AdvantageEstimator {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when k is not positive
   */
  public PassAtKEstimator {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1 but was " + k);
    }
  }

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public int fewestInGroup() {
    return Math.max(2, k);
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    Groups groups = input.groups();
    groups.requireMembers(fewestInGroup(), "a pass@" + k + " advantage");
    double[] totals = input.rewards().totals();
    boolean[] absent = input.rewards().absent();
    double[] advantages = new double[totals.length];
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, totals, absent);
      int wrong = wrong(group);
      double failed = allWrong(wrong, group.size(), k);
      double deviation = Math.sqrt(failed * (1 - failed));
      if (group.size() >= k && deviation > 0) {
        double failedWith = allWrong(wrong - 1, group.size() - 1, k - 1);
        for (int s : group.members()) {
          advantages[s] = (totals[s] == 1 ? failed : failed - failedWith) / deviation;
        }
      }
    }
    return Advantages.ofSequences(advantages, input);
  }

  private int wrong(GroupScores group) {
    int wrong = 0;
    for (int i = 0; i < group.size(); i++) {
      double reward = group.scores()[i];
      if (reward != 0 && reward != 1) {
        throw new IllegalArgumentException(
            ("pass@%s takes rewards of 0 or 1 but sequence %s has %s; give one reward of weight 1"
                    + " that says whether the answer is right, and put penalties in the loss")
                .formatted(k, group.members()[i], reward));
      }
      wrong += reward == 0 ? 1 : 0;
    }
    return wrong;
  }

  /** {@code C(wrong, drawn)/C(all, drawn)}: the probability that all drawn ones are wrong. */
  private static double allWrong(int wrong, int all, int drawn) {
    double probability = 1;
    for (int i = 0; i < drawn; i++) {
      probability *= (double) Math.max(0, wrong - i) / (all - i);
    }
    return probability;
  }
}
