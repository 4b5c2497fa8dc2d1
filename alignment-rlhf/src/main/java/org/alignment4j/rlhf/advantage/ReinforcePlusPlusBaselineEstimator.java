package org.alignment4j.rlhf.advantage;

import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * REINFORCE++ with the mean of the group as baseline (Hu 2025, arXiv 2501.03262, the {@code
 * -baseline} form): {@code R_i − mean_g} at every token, whitened over all scored tokens of the
 * step. Its penalty on divergence stands in the loss, as {@link KlEstimator#K2}. A group of one is
 * refused.
 *
 * @param variance the divisor of whitening
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReinforcePlusPlusBaselineEstimator(Variance variance) implements AdvantageEstimator {

  /** Checks the setting. */
  public ReinforcePlusPlusBaselineEstimator {
    Objects.requireNonNull(variance, "variance");
  }

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    Groups groups = input.groups();
    groups.requirePairs("REINFORCE++ with baseline");
    double[] totals = input.rewards().totals();
    boolean[] absent = input.rewards().absent();
    double[] centred = new double[totals.length];
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, totals, absent);
      if (!group.allEqual()) {
        for (int s : group.members()) {
          centred[s] = totals[s] - group.mean();
        }
      }
    }
    CompletionMask mask = input.rewarded();
    TokenValues whitened =
        MaskedStatistics.whiten(
            TokenValues.broadcast(centred, mask), mask, Whitening.FULL, variance);
    return new Advantages(whitened, mask, Optional.empty());
  }
}
