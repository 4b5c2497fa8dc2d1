package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * How much better an action was than expected, from rewards. Completions without a reward get no
 * advantage and leave the mask. Implementations are immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface AdvantageEstimator
    permits GaeEstimator,
        GroupRelativeEstimator,
        DecoupledGroupEstimator,
        LeaveOneOutEstimator,
        ReinforcePlusPlusEstimator,
        ReinforcePlusPlusBaselineEstimator,
        OptimalBaselineEstimator,
        ReMaxEstimator,
        GroupPolicyGradientEstimator,
        PassAtKEstimator,
        BestOfGroupEstimator {

  /**
   * Estimates the advantages of a whole step; parts of one would have other statistics.
   *
   * @param input rewards and what else the method needs
   * @return the advantages
   * @throws IllegalArgumentException when the method needs what the input lacks, or a group is too
   *     small for it
   */
  Advantages estimate(AdvantageInput input);

  /**
   * Returns whether the method needs rewards of tokens.
   *
   * @return whether it does
   */
  default boolean needsTokenRewards() {
    return false;
  }

  /**
   * Returns whether the method needs values, and so gives returns.
   *
   * @return whether it does
   */
  default boolean needsValues() {
    return false;
  }

  /**
   * Returns whether the method needs the rewards of greedy completions.
   *
   * @return whether it does
   */
  default boolean needsGreedyRewards() {
    return false;
  }

  /**
   * Returns whether the method compares completions of one prompt with each other, and so refuses
   * groups of one.
   *
   * @return whether it does
   */
  default boolean needsGroups() {
    return false;
  }

  /**
   * Returns the fewest completions of one prompt that the method takes.
   *
   * @return the number, from 1
   */
  default int fewestInGroup() {
    return needsGroups() ? 2 : 1;
  }

  /**
   * Returns the estimator of PPO: γ 1, λ 0.95, advantages whitened.
   *
   * @return the estimator
   */
  static GaeEstimator gae() {
    return new GaeEstimator(1, 0.95, Whitening.FULL, Whitening.NONE, Variance.BESSEL);
  }

  /**
   * Returns the estimator of GRPO: rewards standardised in their group, ε 1e-4.
   *
   * @return the estimator
   */
  static GroupRelativeEstimator grpo() {
    return new GroupRelativeEstimator(GroupRelativeEstimator.Scale.GROUP, 1e-4);
  }

  /**
   * Returns the estimator of Dr.GRPO: rewards less the mean of their group.
   *
   * @return the estimator
   */
  static GroupRelativeEstimator drGrpo() {
    return new GroupRelativeEstimator(GroupRelativeEstimator.Scale.NONE, 1e-4);
  }

  /**
   * Returns the estimator of RLOO: rewards less the mean of the others in their group.
   *
   * @return the estimator
   */
  static LeaveOneOutEstimator rloo() {
    return new LeaveOneOutEstimator(false, 1e-4);
  }

  /**
   * Returns the estimator of REINFORCE++: γ 1.
   *
   * @return the estimator
   */
  static ReinforcePlusPlusEstimator reinforcePlusPlus() {
    return new ReinforcePlusPlusEstimator(
        1, Variance.BESSEL, ReinforcePlusPlusEstimator.Gaps.RESET);
  }
}
