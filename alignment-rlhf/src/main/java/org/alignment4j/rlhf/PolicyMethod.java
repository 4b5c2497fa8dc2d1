package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.AdvantageEstimator;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.advantage.TokenWeights;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.apiguardian.api.API;

/**
 * How rewards of sampled completions become updates of the policy. Immutable. The usual methods are
 * here, others in {@link PolicyVariants}.
 *
 * @param name what reports call it
 * @param estimator makes advantages of rewards; one that needs values has a {@link Critic} trained
 * @param loss what is minimised at a token; it is taken for corrections of the level of those of
 *     {@code updates}
 * @param weights how losses of tokens are added up
 * @param kl coefficient of the penalty on the divergence from the reference in the reward; a fixed
 *     0 for none. A penalty in the loss is a part of {@code loss}
 * @param tokenRewards how the divergence is estimated, and where the reward lands in methods that
 *     reward tokens
 * @param groups which completions a step learns from
 * @param updates how often a step's completions are learned from
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PolicyMethod(
    String name,
    AdvantageEstimator estimator,
    PolicyLoss loss,
    TokenWeights weights,
    KlController kl,
    TokenRewards tokenRewards,
    GroupSampling groups,
    PolicyUpdates updates) {

  private static final int GROUP = 8;
  private static final int ROUNDS = 5;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when truncated completions are bootstrapped without values
   */
  public PolicyMethod {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(estimator, "estimator");
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(kl, "kl");
    Objects.requireNonNull(tokenRewards, "tokenRewards");
    Objects.requireNonNull(groups, "groups");
    Objects.requireNonNull(updates, "updates");
    if (groups.truncated() == Truncated.BOOTSTRAPPED && !estimator.needsValues()) {
      throw new IllegalArgumentException(
          ("truncated completions are bootstrapped from a critic, which %s has none of; take"
                  + " Truncated.FINISHED or LEFT_OUT, or a method with a critic, such as"
                  + " PolicyMethod.ppo()")
              .formatted(name));
    }
    loss = updates.corrected(loss);
  }

  /** A method without penalty whose completions are learned from once. */
  static PolicyMethod of(
      String name, AdvantageEstimator estimator, PolicyLoss loss, TokenWeights weights) {
    return new PolicyMethod(
        name,
        estimator,
        loss,
        weights,
        KlController.fixed(0),
        TokenRewards.standard(),
        GroupSampling.of(GROUP),
        PolicyUpdates.of(1, 1));
  }

  /**
   * Returns PPO with a critic (Schulman et al. 2017, arXiv 1707.06347; Ouyang et al. 2022, arXiv
   * 2203.02155): GAE of γ 1 and λ 0.95, advantages whitened, ε 0.2, a penalty of 0.05·k1 on
   * divergence in the reward, one completion a prompt, four passes (TRL). A step's updates stop
   * where half the mean squared log ratio exceeds 0.1, and one whose mean ratio exceeds 10 is left
   * out. How values are fitted says {@link Critic}.
   *
   * @return the method
   */
  public static PolicyMethod ppo() {
    return of("ppo", AdvantageEstimator.gae(), PolicyLoss.ppo(), TokenWeights.tokenMean())
        .withKl(KlController.fixed(0.05))
        .withGroupSize(1)
        .withUpdates(PolicyUpdates.of(4, 1).withBounds(0.1, 10));
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
   * groups of equal rewards left out and others sampled in their place, in at most five rounds. The
   * penalty on long completions is a reward of {@link PolicyTrainer#overlong}.
   *
   * @return the method
   */
  public static PolicyMethod dapo() {
    return of(
            "dapo", AdvantageEstimator.grpo(), PolicyLoss.ppo(0.2, 0.28), TokenWeights.tokenMean())
        .withGroups(GroupSampling.of(GROUP).withFilter(GroupFilter.exact(), ROUNDS));
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
   * completions a prompt: TRL has two, whose baselines are a single reward and vary more.
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
   * Returns this method with another name.
   *
   * @param other what reports call it
   * @return the method
   */
  public PolicyMethod withName(String other) {
    return new PolicyMethod(other, estimator, loss, weights, kl, tokenRewards, groups, updates);
  }

  /**
   * Returns this method with other advantages, such as a GAE of other γ, λ or whitening.
   *
   * @param other makes advantages of rewards
   * @return the method
   */
  public PolicyMethod withEstimator(AdvantageEstimator other) {
    return new PolicyMethod(name, other, loss, weights, kl, tokenRewards, groups, updates);
  }

  /**
   * Returns this method with another penalty on divergence in the reward.
   *
   * @param controller gives the coefficient
   * @return the method
   */
  public PolicyMethod withKl(KlController controller) {
    return new PolicyMethod(
        name, estimator, loss, weights, controller, tokenRewards, groups, updates);
  }

  /**
   * Returns this method with another form of the rewards of tokens.
   *
   * @param form estimator of the divergence, place of the score and bounds
   * @return the method
   */
  public PolicyMethod withTokenRewards(TokenRewards form) {
    return new PolicyMethod(name, estimator, loss, weights, kl, form, groups, updates);
  }

  /**
   * Returns this method with another loss.
   *
   * @param other what is minimised at a token
   * @return the method
   */
  public PolicyMethod withLoss(PolicyLoss other) {
    return new PolicyMethod(name, estimator, other, weights, kl, tokenRewards, groups, updates);
  }

  /**
   * Returns this method with another mean over tokens.
   *
   * @param other how losses of tokens are added up
   * @return the method
   */
  public PolicyMethod withWeights(TokenWeights other) {
    return new PolicyMethod(name, estimator, loss, other, kl, tokenRewards, groups, updates);
  }

  /**
   * Returns this method with another choice of completions.
   *
   * @param sampling which completions a step learns from
   * @return the method
   */
  public PolicyMethod withGroups(GroupSampling sampling) {
    return new PolicyMethod(name, estimator, loss, weights, kl, tokenRewards, sampling, updates);
  }

  /**
   * Returns this method with another number of completions a prompt.
   *
   * @param size from 1
   * @return the method
   */
  public PolicyMethod withGroupSize(int size) {
    return withGroups(groups.withSize(size));
  }

  /**
   * Returns this method with a choice of groups; those left out are not replaced.
   *
   * @param filter says which groups are left out
   * @return the method
   */
  public PolicyMethod withFilter(GroupFilter filter) {
    return withGroups(groups.withFilter(filter, 1));
  }

  /**
   * Returns this method with other updates.
   *
   * @param other how often, and how far, a step's completions are learned from
   * @return the method
   */
  public PolicyMethod withUpdates(PolicyUpdates other) {
    return new PolicyMethod(name, estimator, loss, weights, kl, tokenRewards, groups, other);
  }

  /**
   * Returns this method with other numbers of updates a step.
   *
   * @param passes over the completions of a step, from 1
   * @param perPass updates of each pass, from 1
   * @return the method
   */
  public PolicyMethod withUpdates(int passes, int perPass) {
    return withUpdates(updates.withNumbers(passes, perPass));
  }

  /** With the room that the length limit leaves for the score behind a completion. */
  PolicyMethod fittedTo(int maxNewTokens) {
    return withTokenRewards(
        tokenRewards.withMaxTokens(Math.min(tokenRewards.maxTokens(), maxNewTokens)));
  }
}
