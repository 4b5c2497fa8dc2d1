package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * On-policy RL with the optimal reward baseline (OPO, Hao et al. 2025, arXiv 2505.23585): {@code
 * A_i = R_i − Σ len·R / Σ len} over the group, at every token; the baseline is the one of least
 * variance where the norm of a gradient grows with the length. Completions of no scored token have
 * no part in it. A group of one is refused.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OptimalBaselineEstimator() implements AdvantageEstimator {

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    Groups groups = input.groups();
    groups.requirePairs("an optimal baseline");
    double[] totals = input.rewards().totals();
    boolean[] absent = input.rewards().absent();
    double[] advantages = new double[totals.length];
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, totals, absent);
      double tokens = 0;
      double weighted = 0;
      for (int s : group.members()) {
        tokens += input.mask().count(s);
        weighted += input.mask().count(s) * totals[s];
      }
      if (!group.allEqual() && tokens > 0) {
        for (int s : group.members()) {
          advantages[s] = totals[s] - weighted / tokens;
        }
      }
    }
    return Advantages.ofSequences(advantages, input);
  }
}
