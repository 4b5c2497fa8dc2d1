package org.alignment4j.rlhf.reward;

import org.alignment4j.rlhf.advantage.Variance;

/** Mean and variance of the rewards of an ensemble's members. */
final class EnsembleMoments {

  private EnsembleMoments() {}

  /** The mean, which of equal rewards is that reward to the last bit. */
  static double mean(double[] rewards) {
    double sum = 0;
    for (double reward : rewards) {
      sum += reward - rewards[0];
    }
    return rewards[0] + sum / rewards.length;
  }

  /** The variance; 0 of one member. */
  static double variance(double[] rewards, Variance variance) {
    if (rewards.length < 2) {
      return 0;
    }
    double mean = mean(rewards);
    double squares = 0;
    for (double reward : rewards) {
      squares += (reward - mean) * (reward - mean);
    }
    return squares / (variance == Variance.BESSEL ? rewards.length - 1 : rewards.length);
  }
}
