package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.rlhf.advantage.AdvantageEstimator;
import org.alignment4j.rlhf.advantage.FixedKlController;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How rewards of sampled completions become updates of the policy, without a critic. Immutable.
 *
 * @param name what reports call it
 * @param estimator makes advantages of rewards; one that needs no values
 * @param loss what is minimised at a token
 * @param weights how losses of tokens are added up
 * @param kl coefficient of the penalty on the divergence from the reference in the reward; a fixed
 *     0 for none. A penalty in the loss is a part of {@code loss}
 * @param tokenRewards how the divergence is estimated, and where the reward lands in methods that
 *     reward tokens
 * @param groupSize completions sampled for each prompt, from 1
 * @param epochs passes over the completions of a step, from 1
 * @param miniBatches updates of each pass, from 1
 * @param filter groups whose completions are not learned from; null learns from all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PolicyMethod(
    String name,
    AdvantageEstimator estimator,
    PolicyLoss loss,
    TokenWeights weights,
    KlController kl,
    TokenRewards tokenRewards,
    int groupSize,
    int epochs,
    int miniBatches,
    @Nullable GroupFilter filter) {

  private static final int GROUP = 8;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the estimator needs values, or a number is not positive
   */
  public PolicyMethod {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(estimator, "estimator");
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(kl, "kl");
    Objects.requireNonNull(tokenRewards, "tokenRewards");
    if (estimator.needsValues()) {
      throw new IllegalArgumentException(
          "estimator must need no values, since there is no critic, but was " + estimator);
    }
    if (groupSize < 1 || epochs < 1 || miniBatches < 1) {
      throw new IllegalArgumentException(
          "groupSize, epochs and miniBatches must be positive but were %s, %s and %s"
              .formatted(groupSize, epochs, miniBatches));
    }
  }

  private static PolicyMethod of(
      String name, AdvantageEstimator estimator, PolicyLoss loss, TokenWeights weights) {
    return new PolicyMethod(
        name,
        estimator,
        loss,
        weights,
        KlController.fixed(0),
        TokenRewards.standard(),
        GROUP,
        1,
        1,
        null);
  }

  /**
   * Returns GRPO (Shao et al. 2024, arXiv 2402.03300): rewards standardised in groups of 8, ε 0.2,
   * the mean over completions of the mean over tokens, no penalty on divergence (TRL).
   *
   * @return the method
   */
  public static PolicyMethod grpo() {
    return of("grpo", AdvantageEstimator.grpo(), PolicyLoss.ppo(), TokenWeights.sequenceMean());
  }

  /**
   * Returns Dr.GRPO (Liu et al. 2025, arXiv 2503.20783): GRPO without the division by the deviation
   * of the group, and with sums of tokens over a constant.
   *
   * @param maxTokens the constant: most tokens of a completion
   * @return the method
   */
  public static PolicyMethod drGrpo(int maxTokens) {
    return of(
        "dr_grpo",
        AdvantageEstimator.drGrpo(),
        PolicyLoss.ppo(),
        TokenWeights.constantLength(maxTokens));
  }

  /**
   * Returns DAPO (Yu et al. 2025, arXiv 2503.14476): ε 0.2 and 0.28, the mean over all tokens,
   * groups of equal rewards left out. They are not replaced by further samples; the penalty on long
   * completions is a reward of {@link PolicyTrainer#overlong}.
   *
   * @return the method
   */
  public static PolicyMethod dapo() {
    return of(
            "dapo", AdvantageEstimator.grpo(), PolicyLoss.ppo(0.2, 0.28), TokenWeights.tokenMean())
        .withFilter(GroupFilter.exact());
  }

  /**
   * Returns GSPO (Zheng et al. 2025, arXiv 2507.18071): GRPO with the ratio of whole completions.
   *
   * @return the method
   */
  public static PolicyMethod gspo() {
    return of("gspo", AdvantageEstimator.grpo(), PolicyLoss.gspo(), TokenWeights.sequenceMean());
  }

  /**
   * Returns CISPO (MiniMax 2025, arXiv 2506.13585): clipped weights of importance, all tokens
   * learn.
   *
   * @return the method
   */
  public static PolicyMethod cispo() {
    return of("cispo", AdvantageEstimator.grpo(), PolicyLoss.cispo(), TokenWeights.tokenMean());
  }

  /**
   * Returns RLOO (Ahmadian et al. 2024, arXiv 2402.14740): rewards less the mean of the others in
   * the group, the ratio of whole completions, a penalty of 0.05 on divergence in the reward, four
   * completions a prompt.
   *
   * @return the method
   */
  public static PolicyMethod rloo() {
    return of("rloo", AdvantageEstimator.rloo(), PolicyLoss.rloo(), TokenWeights.sequenceMean())
        .withKl(KlController.fixed(0.05))
        .withGroupSize(4);
  }

  /**
   * Returns REINFORCE++ (Hu 2025, arXiv 2501.03262): returns of tokens with a penalty of 0.01 on
   * divergence in the reward, whitened over the step, one completion a prompt, the loss of PPO.
   *
   * @return the method
   */
  public static PolicyMethod reinforcePlusPlus() {
    return of(
            "reinforce_plus_plus",
            AdvantageEstimator.reinforcePlusPlus(),
            PolicyLoss.ppo(),
            TokenWeights.tokenMean())
        .withKl(KlController.fixed(0.01))
        .withGroupSize(1);
  }

  /**
   * Returns this method with another penalty on divergence in the reward.
   *
   * @param controller gives the coefficient
   * @return the method
   */
  public PolicyMethod withKl(KlController controller) {
    return new PolicyMethod(
        name,
        estimator,
        loss,
        weights,
        controller,
        tokenRewards,
        groupSize,
        epochs,
        miniBatches,
        filter);
  }

  /**
   * Returns this method with another loss.
   *
   * @param other what is minimised at a token
   * @return the method
   */
  public PolicyMethod withLoss(PolicyLoss other) {
    return new PolicyMethod(
        name, estimator, other, weights, kl, tokenRewards, groupSize, epochs, miniBatches, filter);
  }

  /**
   * Returns this method with another number of completions a prompt.
   *
   * @param size from 1
   * @return the method
   */
  public PolicyMethod withGroupSize(int size) {
    return new PolicyMethod(
        name, estimator, loss, weights, kl, tokenRewards, size, epochs, miniBatches, filter);
  }

  /**
   * Returns this method with several updates a step.
   *
   * @param passes over the completions of a step, from 1
   * @param updates of each pass, from 1
   * @return the method
   */
  public PolicyMethod withUpdates(int passes, int updates) {
    return new PolicyMethod(
        name, estimator, loss, weights, kl, tokenRewards, groupSize, passes, updates, filter);
  }

  /**
   * Returns this method with a choice of groups.
   *
   * @param groups says which groups are left out
   * @return the method
   */
  public PolicyMethod withFilter(GroupFilter groups) {
    return new PolicyMethod(
        name, estimator, loss, weights, kl, tokenRewards, groupSize, epochs, miniBatches, groups);
  }

  /** Whether the divergence is a part of the reward. */
  boolean penalises() {
    return !(kl instanceof FixedKlController fixed) || fixed.coefficient() > 0;
  }
}
