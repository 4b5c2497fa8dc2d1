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

/**
 * A preference reward less the probabilities of broken rules (Sparrow: Glaese et al. 2022, arXiv
 * 2209.14375): {@code R = R_pr − w·Σᵢ pᵢ}, where a rule-conditional classifier gives {@code pᵢ =
 * P(rule i is broken | dialogue)}. The paper adds both rewards and leaves the weights open. The
 * parts of a reward are {@code preference} and {@code rule/NAME}, the probabilities. Immutable and
 * as safe for concurrent calls as its models.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SparrowReward implements RewardModel {

  /** Above it a probability counts as this, so that one certain rule does not hide the others. */
  private static final double MAX_PROBABILITY = 1 - 1e-6;

  private final RewardModel preference;
  private final PropositionGrader rules;
  private final double weight;

  private SparrowReward(RewardModel preference, PropositionGrader rules, double weight) {
    this.preference = Objects.requireNonNull(preference, "preference");
    this.rules = Objects.requireNonNull(rules, "rules");
    this.weight = weight;
  }

  /**
   * Returns a reward of weight 1 for each rule.
   *
   * @param preference what people prefer
   * @param rules statements that are true when a rule is broken
   * @return the reward
   */
  public static SparrowReward of(RewardModel preference, PropositionGrader rules) {
    return new SparrowReward(preference, rules, 1);
  }

  /**
   * Returns this reward with another weight of rules.
   *
   * @param perRule what a certainly broken rule costs, finite and not negative
   * @return a new reward
   * @throws IllegalArgumentException when the weight is out of range
   */
  public SparrowReward withWeight(double perRule) {
    if (!(perRule >= 0) || Double.isInfinite(perRule)) {
      throw new IllegalArgumentException(
          "perRule must be finite and not negative but was " + perRule);
    }
    return new SparrowReward(preference, rules, perRule);
  }

  @Override
  public String id() {
    return "sparrow(%s, %s, %s)".formatted(preference.id(), rules.id(), weight);
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    double[] preferences = Members.scores("preference", preference, answers, cancellation);
    List<double[]> broken = PropositionGrades.of(rules, answers, cancellation);
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < preferences.length; i++) {
      ImmutableMap.Builder<String, Double> parts = ImmutableMap.builder();
      parts.put("preference", preferences[i]);
      double penalty = 0;
      for (int j = 0; j < broken.get(i).length; j++) {
        penalty += weight * broken.get(i)[j];
        parts.put("rule/" + rules.names().get(j), broken.get(i)[j]);
      }
      rewards.add(
          new Reward(preferences[i] - penalty, parts.buildOrThrow(), OptionalDouble.empty()));
    }
    return rewards;
  }

  /**
   * Scores candidate answers to one prompt for a choice among them; see {@link #rerank(double[],
   * List)}.
   *
   * @param candidates answers to one prompt
   * @param cancellation asks to stop
   * @return one score per candidate, in (0, 1)
   * @throws IllegalArgumentException when the prompts differ
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  public double[] rerank(List<PromptCompletion> candidates, CancellationToken cancellation) {
    if (candidates.stream().map(PromptCompletion::prompt).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "candidates must answer one prompt but answer several; rerank those of each by itself");
    }
    return rerank(
        Members.scores("preference", preference, candidates, cancellation),
        PropositionGrades.of(rules, candidates, cancellation));
  }

  /**
   * Returns the score by which candidates for one prompt are ranked, {@code e^R/(e^R + e^mean(R)) ·
   * (Πᵢ(1 − pᵢ))^(1/n)} in the stable form {@code σ(R − mean(R)) · exp(meanᵢ log1p(−pᵢ))}, with p
   * at most {@code 1 − 1e-6}. Without rules the first factor is all.
   *
   * @param preferences preference reward of each candidate, finite
   * @param violations probability of each rule being broken, by candidate
   * @return the scores, rising in the candidate's preference and falling in each probability
   * @throws IllegalArgumentException when the numbers of candidates differ, a preference is not
   *     finite, or a probability is outside [0, 1]
   */
  public static double[] rerank(double[] preferences, List<double[]> violations) {
    if (preferences.length != violations.size()) {
      throw new IllegalArgumentException(
          "violations must be of %s candidates but are of %s"
              .formatted(preferences.length, violations.size()));
    }
    double mean = 0;
    for (int i = 0; i < preferences.length; i++) {
      if (!Double.isFinite(preferences[i])) {
        throw new IllegalArgumentException(
            "preferences[%s] must be finite but was %s".formatted(i, preferences[i]));
      }
      mean += preferences[i] / preferences.length;
    }
    double[] scores = new double[preferences.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = kept(violations.get(i), i) / (1 + Math.exp(mean - preferences[i]));
    }
    return scores;
  }

  /** The geometric mean of the probabilities that rules are kept. */
  private static double kept(double[] violations, int candidate) {
    double sum = 0;
    for (int j = 0; j < violations.length; j++) {
      if (!(violations[j] >= 0 && violations[j] <= 1)) {
        throw new IllegalArgumentException(
            "violations[%s][%s] must be in [0, 1] but was %s"
                .formatted(candidate, j, violations[j]));
      }
      sum += Math.log1p(-Math.min(violations[j], MAX_PROBABILITY));
    }
    return violations.length == 0 ? 1 : Math.exp(sum / violations.length);
  }
}
