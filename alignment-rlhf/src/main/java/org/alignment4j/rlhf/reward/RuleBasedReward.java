package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A rule-based reward (RBR: Mu et al. 2024, arXiv 2411.01111): {@code R = R_rm + Σ_j w_j·φ_j(x,
 * y)}, where φ_j is the probability that a proposition is true of the answer and the weights are
 * fitted by {@link PropositionWeightFitter}. Components are {@code reward_model}, where there is
 * one, {@code rules}, the sum, and {@code proposition/NAME}, the probabilities. Immutable and as
 * safe for concurrent calls as its models.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RuleBasedReward implements RewardModel {

  private final @Nullable RewardModel base;
  private final PropositionGrader grader;
  private final PropositionWeights weights;

  private RuleBasedReward(
      @Nullable RewardModel base, PropositionGrader grader, PropositionWeights weights) {
    this.base = base;
    this.grader = Objects.requireNonNull(grader, "grader");
    this.weights = Objects.requireNonNull(weights, "weights");
    if (!grader.names().equals(List.copyOf(weights.weights().keySet()))) {
      throw new IllegalArgumentException(
          "weights must be those of the propositions %s in their order but are of %s"
              .formatted(grader.names(), weights.weights().keySet()));
    }
  }

  /**
   * Returns a reward of rules alone.
   *
   * @param grader grades propositions
   * @param weights what each is worth
   * @return the reward
   * @throws IllegalArgumentException when weights and propositions differ
   */
  public static RuleBasedReward of(PropositionGrader grader, PropositionWeights weights) {
    return new RuleBasedReward(null, grader, weights);
  }

  /**
   * Returns this reward on top of a reward model.
   *
   * @param model gives R_rm, usually of helpfulness
   * @return a new reward
   */
  public RuleBasedReward over(RewardModel model) {
    return new RuleBasedReward(Objects.requireNonNull(model, "model"), grader, weights);
  }

  @Override
  public String id() {
    return "rules(%s, %s, %s)"
        .formatted(base == null ? "none" : base.id(), grader.id(), weights.weights());
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    double[] bases =
        base == null
            ? new double[answers.size()]
            : Members.scores("reward_model", base, answers, cancellation);
    List<double[]> grades = PropositionGrades.of(grader, answers, cancellation);
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < bases.length; i++) {
      ImmutableMap.Builder<String, Double> parts = ImmutableMap.builder();
      if (base != null) {
        parts.put("reward_model", bases[i]);
      }
      double rules = weights.sum(grades.get(i));
      parts.put("rules", rules);
      for (int j = 0; j < grades.get(i).length; j++) {
        parts.put("proposition/" + grader.names().get(j), grades.get(i)[j]);
      }
      rewards.add(
          new Reward(
              Members.finite("rules", i, bases[i] + rules),
              parts.buildOrThrow(),
              OptionalDouble.empty()));
    }
    return rewards;
  }
}
