package org.alignment4j.rlhf.reward;

import java.util.Arrays;
import java.util.Objects;
import org.alignment4j.rlhf.advantage.Variance;
import org.apiguardian.api.API;

/**
 * What becomes of the rewards that the members of an ensemble give one answer (Coste et al. 2023,
 * arXiv 2310.02743, section 4). Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface EnsembleScore {

  /** λ for best-of-n in the paper. */
  double BEST_OF_N_WEIGHT = 0.5;

  /** λ for PPO in the paper. */
  double POLICY_WEIGHT = 0.1;

  /**
   * Combines.
   *
   * @param rewards of the members, at least one, finite
   * @return the reward of the ensemble
   */
  double of(double... rewards);

  /**
   * Returns the mean.
   *
   * @return the score
   */
  static EnsembleScore mean() {
    return new Mean();
  }

  /**
   * Returns the least reward (worst-case optimisation, WCO).
   *
   * @return the score
   */
  static EnsembleScore worstCase() {
    return new WorstCase();
  }

  /**
   * Returns the mean less the variance (uncertainty-weighted optimisation, UWO), {@code mean −
   * λ·var}, with the variance of the paper, whose divisor is the number of members.
   *
   * @param weight λ, finite and not negative; {@link #BEST_OF_N_WEIGHT}, {@link #POLICY_WEIGHT}
   * @return the score
   * @throws IllegalArgumentException when λ is out of range
   */
  static EnsembleScore uncertaintyWeighted(double weight) {
    return uncertaintyWeighted(weight, Variance.BIASED);
  }

  /**
   * Returns the mean less the variance, with a choice of the variance: the paper's code for PPO has
   * the unbiased one.
   *
   * @param weight λ, finite and not negative
   * @param variance the divisor
   * @return the score
   * @throws IllegalArgumentException when λ is out of range
   */
  static EnsembleScore uncertaintyWeighted(double weight, Variance variance) {
    return new UncertaintyWeighted(weight, variance);
  }

  /** The mean. */
  record Mean() implements EnsembleScore {
    @Override
    public double of(double... rewards) {
      return EnsembleMoments.mean(rewards);
    }
  }

  /** The least reward. */
  record WorstCase() implements EnsembleScore {
    @Override
    public double of(double... rewards) {
      return Arrays.stream(rewards).min().orElse(Double.NaN);
    }
  }

  /**
   * The mean less the variance.
   *
   * @param weight λ, finite and not negative
   * @param variance the divisor; the variance of one member is 0 either way
   */
  record UncertaintyWeighted(double weight, Variance variance) implements EnsembleScore {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when λ is negative or not finite
     */
    public UncertaintyWeighted {
      Objects.requireNonNull(variance, "variance");
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "weight must be finite and not negative but was " + weight);
      }
    }

    @Override
    public double of(double... rewards) {
      return EnsembleMoments.mean(rewards) - weight * EnsembleMoments.variance(rewards, variance);
    }
  }
}
