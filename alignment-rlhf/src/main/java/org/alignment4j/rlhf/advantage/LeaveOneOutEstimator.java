package org.alignment4j.rlhf.advantage;

import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * REINFORCE leave-one-out (Kool et al. 2019; Ahmadian et al. 2024, arXiv 2402.14740, section 2.2):
 * {@code A_i = R_i − mean of the others in the group = G/(G−1)·(R_i − mean_g)} at every token. The
 * penalty on divergence is a component of the reward: {@link TokenRewards#penalty}. A group of one
 * is refused; a group of which one reward is left gives it 0.
 *
 * @param normalise whether advantages are standardised over the step (TRL {@code
 *     normalize_advantages}), with the unbiased standard deviation
 * @param epsilon what is added to that standard deviation, positive; 1e-4 in TRL
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LeaveOneOutEstimator(boolean normalise, double epsilon)
    implements AdvantageEstimator {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when ε is not positive
   */
  public LeaveOneOutEstimator {
    Settings.requirePositive("epsilon", epsilon);
  }

  @Override
  public boolean needsGroups() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    Groups groups = input.groups();
    groups.requirePairs("a leave-one-out advantage");
    double[] totals = input.rewards().totals();
    boolean[] absent = input.rewards().absent();
    double[] advantages = new double[totals.length];
    for (int g = 0; g < groups.count(); g++) {
      GroupScores group = GroupScores.of(groups, g, totals, absent);
      if (!group.allEqual()) {
        double factor = group.size() / (group.size() - 1.0);
        for (int s : group.members()) {
          advantages[s] = factor * (totals[s] - group.mean());
        }
      }
    }
    if (normalise) {
      standardise(advantages, absent);
    }
    return Advantages.ofSequences(advantages, input);
  }

  private void standardise(double[] advantages, boolean[] absent) {
    double[] present =
        IntStream.range(0, advantages.length)
            .filter(s -> !absent[s])
            .mapToDouble(s -> advantages[s])
            .toArray();
    double mean = MaskedStatistics.mean(present);
    double divisor = Math.sqrt(MaskedStatistics.variance(present, Variance.BESSEL)) + epsilon;
    for (int s = 0; s < advantages.length; s++) {
      advantages[s] = absent[s] ? 0 : (advantages[s] - mean) / divisor;
    }
  }
}
