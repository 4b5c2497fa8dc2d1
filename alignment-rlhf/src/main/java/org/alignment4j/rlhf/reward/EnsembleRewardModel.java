package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.advantage.Variance;
import org.apiguardian.api.API;

/**
 * Several reward models as one that knows how far they agree (Coste et al. 2023, arXiv 2310.02743).
 * Components are the rewards of the members under their names; the standard deviation is that of
 * the members (divisor n, the paper's), 0 of one member. The least reward and the variance mix
 * scales: members that were not trained alike are first {@linkplain #normalised normalised}.
 * Immutable and as safe for concurrent calls as the members, which are asked one after the other.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EnsembleRewardModel implements TokenizedRewardModel {

  private final EnsembleScore score;
  private final Map<String, RewardModel> members;

  private EnsembleRewardModel(EnsembleScore score, Map<String, ? extends RewardModel> members) {
    this.score = Objects.requireNonNull(score, "score");
    this.members = Members.copy(members);
  }

  /**
   * Returns an ensemble.
   *
   * @param score what becomes of the members' rewards
   * @param members models by name, in the order to show them, at least one
   * @return the ensemble
   * @throws IllegalArgumentException when there is no member
   */
  public static EnsembleRewardModel of(
      EnsembleScore score, Map<String, ? extends RewardModel> members) {
    return new EnsembleRewardModel(score, members);
  }

  /**
   * Returns this ensemble with another score.
   *
   * @param other what becomes of the members' rewards
   * @return a new ensemble of the same members
   */
  public EnsembleRewardModel withScore(EnsembleScore other) {
    return new EnsembleRewardModel(other, members);
  }

  /**
   * Returns this ensemble with every member on the scale on which a reference set has mean 0 and
   * standard deviation 1.
   *
   * @param reference answers, such as those of the model before training
   * @param cancellation asks to stop
   * @return a new ensemble
   * @throws IllegalArgumentException when a member gives fewer than two different rewards, named
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a member fails, named
   */
  public EnsembleRewardModel normalised(
      List<PromptCompletion> reference, CancellationToken cancellation) {
    Map<String, RewardModel> scaled = new LinkedHashMap<>();
    members.forEach(
        (name, member) -> {
          double[] rewards = Members.scores(name, member, reference, cancellation);
          try {
            scaled.put(name, ScaledRewardModel.of(member, RewardScale.of(rewards)));
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                "member '%s': %s".formatted(name, e.getMessage()), e);
          }
        });
    return new EnsembleRewardModel(score, scaled);
  }

  @Override
  public String id() {
    return members.entrySet().stream()
        .map(m -> m.getKey() + "=" + m.getValue().id())
        .collect(Collectors.joining(", ", "ensemble(" + score + ", ", ")"));
  }

  @Override
  public List<Tokenizer> tokenizers() {
    return TokenizedRewardModel.of(members.values());
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    Map<String, double[]> scores = new LinkedHashMap<>();
    members.forEach(
        (name, model) -> scores.put(name, Members.scores(name, model, answers, cancellation)));
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      int answer = i;
      double[] own = scores.values().stream().mapToDouble(s -> s[answer]).toArray();
      ImmutableMap.Builder<String, Double> parts = ImmutableMap.builder();
      scores.forEach((name, s) -> parts.put(name, s[answer]));
      rewards.add(
          new Reward(
              Members.finite(id(), i, score.of(own)),
              parts.buildOrThrow(),
              OptionalDouble.of(
                  Members.finite(
                      id(), i, Math.sqrt(EnsembleMoments.variance(own, Variance.BIASED))))));
    }
    return rewards;
  }
}
