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
import org.apiguardian.api.API;

/**
 * A weighted sum of reward models, {@code Σ w_k·r_k}. Components are the rewards of the members,
 * unweighted, under their names, and the members' own components as {@code MEMBER/COMPONENT}.
 * Immutable and as safe for concurrent calls as the members.
 *
 * <p>For members of different spread, give each its {@link ScaledRewardModel}, or give them to
 * training one by one under {@link org.alignment4j.rlhf.advantage.DecoupledGroupEstimator}, which
 * standardises each in its group.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CompositeRewardModel implements TokenizedRewardModel {

  private record Member(RewardModel model, double weight) {}

  private final Map<String, Member> members;

  private CompositeRewardModel(Map<String, Member> members) {
    this.members = ImmutableMap.copyOf(members);
  }

  /**
   * Returns the sum of one model.
   *
   * @param name what the model is called
   * @param model what scores
   * @param weight its weight, finite
   * @return the sum
   * @throws IllegalArgumentException when the weight is not finite
   */
  public static CompositeRewardModel of(String name, RewardModel model, double weight) {
    return new CompositeRewardModel(Map.of()).and(name, model, weight);
  }

  /**
   * Returns the sum of one model more.
   *
   * @param name what the model is called
   * @param model what scores
   * @param weight its weight, finite
   * @return a new sum
   * @throws IllegalArgumentException when the weight is not finite or the name is taken
   */
  public CompositeRewardModel and(String name, RewardModel model, double weight) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "weight of the reward '%s' must be finite but was %s".formatted(name, weight));
    }
    if (members.containsKey(name)) {
      throw new IllegalArgumentException(
          "rewards must have different names but two are '%s'".formatted(name));
    }
    Map<String, Member> more = new LinkedHashMap<>(members);
    more.put(name, new Member(model, weight));
    return new CompositeRewardModel(more);
  }

  @Override
  public String id() {
    return members.entrySet().stream()
        .map(
            m -> "%s=%s*%s".formatted(m.getKey(), m.getValue().weight(), m.getValue().model().id()))
        .collect(Collectors.joining(", ", "sum(", ")"));
  }

  @Override
  public List<Tokenizer> tokenizers() {
    return TokenizedRewardModel.of(members.values().stream().map(Member::model).toList());
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    double[] sums = new double[answers.size()];
    List<Map<String, Double>> parts = new ArrayList<>();
    answers.forEach(a -> parts.add(new LinkedHashMap<>()));
    members.forEach(
        (name, member) -> {
          List<Reward> rewards = Members.rewards(name, member.model(), answers, cancellation);
          for (int i = 0; i < sums.length; i++) {
            Reward reward = rewards.get(i);
            Map<String, Double> own = parts.get(i);
            sums[i] += member.weight() * reward.value();
            own.put(name, reward.value());
            reward.components().forEach((part, value) -> own.put(name + "/" + part, value));
          }
        });
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      rewards.add(
          new Reward(Members.finite(id(), i, sums[i]), parts.get(i), OptionalDouble.empty()));
    }
    return rewards;
  }
}
