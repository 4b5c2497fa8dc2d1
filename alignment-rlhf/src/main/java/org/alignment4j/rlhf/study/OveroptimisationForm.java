package org.alignment4j.rlhf.study;

import org.apiguardian.api.API;

/**
 * How the reward changes with the distance d = √KL(π‖π₀) from the initial policy, in standard
 * deviations of the reward under it (Gao et al. 2022, arXiv 2210.10760, section 3.1).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum OveroptimisationForm {
  /** Best of n: {@code R(d) = d(α − βd)}. */
  BEST_OF_N {
    @Override
    double falling(double d) {
      return d * d;
    }

    @Override
    double peak(double alpha, double beta) {
      return alpha / (2 * beta);
    }
  },
  /** Reinforcement learning: {@code R(d) = d(α − β log d)}. */
  REINFORCEMENT {
    @Override
    double falling(double d) {
      return d == 0 ? 0 : d * Math.log(d);
    }

    @Override
    double peak(double alpha, double beta) {
      return Math.exp(alpha / beta - 1);
    }
  };

  /** What β is the factor of, with its sign changed. */
  abstract double falling(double d);

  /** Where the reward is highest, for a positive β. */
  abstract double peak(double alpha, double beta);

  /**
   * Returns the reward at a distance.
   *
   * @param d distance, not negative
   * @param alpha α
   * @param beta β
   * @return the reward; 0 at 0
   */
  public double value(double d, double alpha, double beta) {
    return alpha * d - beta * falling(d);
  }
}
