package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * ReMax (Li et al. 2023, arXiv 2310.10505, eq. 5): {@code A_i = R_i − R(greedy completion of the
 * same prompt)} at every token. Needs {@link AdvantageInput#greedyRewards()}; groups of one are
 * fine.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReMaxEstimator() implements AdvantageEstimator {

  @Override
  public boolean needsGreedyRewards() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    TokenValues greedy = AdvantageInput.required(input.greedyRewards(), "ReMax", "greedyRewards");
    double[] advantages = input.rewards().totals();
    for (int s = 0; s < advantages.length; s++) {
      double baseline = greedy.get(0, input.groups().of(s));
      Settings.requireFinite("greedyRewards[" + input.groups().of(s) + "]", baseline);
      advantages[s] = input.rewards().present(s) ? advantages[s] - baseline : 0;
    }
    return Advantages.ofSequences(advantages, input);
  }
}
