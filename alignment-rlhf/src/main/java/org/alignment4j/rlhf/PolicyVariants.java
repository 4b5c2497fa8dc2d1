package org.alignment4j.rlhf;

import org.alignment4j.rlhf.advantage.AdvantageEstimator;
import org.alignment4j.rlhf.advantage.BestOfGroupEstimator;
import org.alignment4j.rlhf.advantage.GaeEstimator;
import org.alignment4j.rlhf.advantage.GroupPolicyGradientEstimator;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.OptimalBaselineEstimator;
import org.alignment4j.rlhf.advantage.PassAtKEstimator;
import org.alignment4j.rlhf.advantage.ReMaxEstimator;
import org.alignment4j.rlhf.advantage.ReinforcePlusPlusBaselineEstimator;
import org.alignment4j.rlhf.advantage.ScorePlacement;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.rlhf.advantage.Whitening;
import org.alignment4j.rlhf.policy.KlPenalty;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.apiguardian.api.API;

/** Methods of reinforcement learning besides the usual ones of {@link PolicyMethod}. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolicyVariants {

  /** The method that a bound on costs belongs to. */
  private static final String LAGRANGIAN = "ppo_lagrangian";

  private PolicyVariants() {}

  /**
   * Returns PPO-Lagrangian (Dai et al. 2023, Safe RLHF, arXiv 2310.12773) with the settings of
   * safe-rlhf: advantages as they are, a penalty of 0.02·k1 on divergence in rewards and costs of
   * tokens, each bounded by ±50, one pass. Training by a method of this name, {@code
   * ppo_lagrangian}, needs a {@link PolicyTrainer#constraint} and is refused without one, since it
   * would be PPO. Use it with {@link Critic#safeRlhf()}. The loss of pretraining texts that
   * safe-rlhf adds with weight 16 is left out, since it needs such texts: give them by {@link
   * PolicyTrainer#pretraining}.
   *
   * @return the method
   */
  public static PolicyMethod ppoLagrangian() {
    return PolicyMethod.ppo()
        .withName(LAGRANGIAN)
        .withEstimator(new GaeEstimator(1, 0.95, Whitening.NONE, Whitening.NONE, Variance.BESSEL))
        .withTokenRewards(
            new TokenRewards(
                KlEstimator.K1,
                ScorePlacement.LAST_TOKEN,
                Integer.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                50))
        .withKl(KlController.fixed(0.02))
        .withUpdates(1, 1);
  }

  /** Whether a method is there to keep costs within a budget. */
  static boolean needsConstraint(PolicyMethod method) {
    return method.name().equals(LAGRANGIAN);
  }

  /**
   * Returns SAPO (Gao et al. 2025, arXiv 2511.20347): GRPO with a soft gate of the ratio in place
   * of the clip.
   *
   * @return the method
   */
  public static PolicyMethod sapo() {
    return PolicyMethod.of(
        "sapo", AdvantageEstimator.grpo(), PolicyLoss.sapo(), TokenWeights.sequenceMean());
  }

  /**
   * Returns VESPO (TRL {@code loss_type="vespo"}): GRPO with a smooth weight of the ratio of whole
   * completions in place of the clip, the mean over all tokens.
   *
   * @return the method
   */
  public static PolicyMethod vespo() {
    return PolicyMethod.of(
        "vespo", AdvantageEstimator.grpo(), PolicyLoss.vespo(), TokenWeights.tokenMean());
  }

  /**
   * Returns LUSPO (TRL {@code loss_type="luspo"}): GSPO whose completions weigh as much as they
   * have tokens, which takes its bias towards short ones away.
   *
   * @return the method
   */
  public static PolicyMethod luspo() {
    return PolicyMethod.of(
        "luspo", AdvantageEstimator.grpo(), PolicyLoss.gspo(), TokenWeights.sequenceSum());
  }

  /**
   * Returns GMPO (Zhao et al. 2025, arXiv 2507.20673): GRPO with the geometric mean of the clipped
   * ratios of a completion's tokens.
   *
   * @return the method
   */
  public static PolicyMethod gmpo() {
    return PolicyMethod.of(
        "gmpo", AdvantageEstimator.grpo(), PolicyLoss.gmpo(), TokenWeights.sequenceMean());
  }

  /**
   * Returns REINFORCE++ with a baseline (Hu 2025, arXiv 2501.03262): rewards less the mean of their
   * group, whitened over the step, eight completions a prompt, a penalty of 0.01·k2 on divergence
   * in the loss.
   *
   * @return the method
   */
  public static PolicyMethod reinforcePlusPlusBaseline() {
    return PolicyMethod.of(
        "reinforce_plus_plus_baseline",
        new ReinforcePlusPlusBaselineEstimator(Variance.BESSEL),
        PolicyLoss.ppo().withKl(KlPenalty.k2(0.01)),
        TokenWeights.tokenMean());
  }

  /**
   * Returns ReMax (Li et al. 2023, arXiv 2310.10505): rewards less that of the policy's most
   * probable completion of the prompt, one sampled completion a prompt, the loss of REINFORCE.
   *
   * @return the method
   */
  public static PolicyMethod reMax() {
    return PolicyMethod.of(
            "remax", new ReMaxEstimator(), PolicyLoss.reinforce(), TokenWeights.sequenceSum())
        .withGroupSize(1);
  }

  /**
   * Returns OPO (Hao et al. 2025, arXiv 2505.23585): rewards less the mean of their group weighted
   * by length, eight completions a prompt, the loss of REINFORCE, no penalty on divergence.
   *
   * @return the method
   */
  public static PolicyMethod opo() {
    return PolicyMethod.of(
        "opo", new OptimalBaselineEstimator(), PolicyLoss.reinforce(), TokenWeights.tokenMean());
  }

  /**
   * Returns GPG (Chu et al. 2025, arXiv 2504.02546): rewards less the mean of their group, scaled
   * up by the share of groups that tell their completions apart, eight completions a prompt, the
   * loss of REINFORCE over all tokens, without clip and without penalty on divergence.
   *
   * @return the method
   */
  public static PolicyMethod gpg() {
    return PolicyMethod.of(
        "gpg",
        new GroupPolicyGradientEstimator(1),
        PolicyLoss.reinforce(),
        TokenWeights.tokenMean());
  }

  /**
   * Returns pass@k training (Chen et al. 2025, arXiv 2508.10751) in its analytical form: GRPO with
   * {@link PassAtKEstimator} for its advantages, which takes one reward of 0 or 1. Samples {@code
   * max(8, 2k)} completions a prompt.
   *
   * @param k completions of which one has to be right, from 1
   * @return the method
   * @throws IllegalArgumentException when k is not positive
   */
  public static PolicyMethod passAtK(int k) {
    return PolicyMethod.grpo()
        .withName("pass_at_" + k)
        .withEstimator(new PassAtKEstimator(k))
        .withGroupSize(Math.max(8, Math.multiplyExact(2, k)));
  }

  /**
   * Returns GRPO that rewards the best of a group alone (Tang et al. 2025, arXiv 2503.19595; verl
   * {@code grpo_passk}), by what it is better than the second best.
   *
   * @return the method
   */
  public static PolicyMethod bestOfGroup() {
    return PolicyMethod.grpo()
        .withName("best_of_group")
        .withEstimator(new BestOfGroupEstimator(1e-6));
  }
}
