package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/**
 * A reward model on another, fixed scale. The reward as it was is the component {@code raw}; the
 * model's own components stay as they are, its standard deviation is scaled. Immutable and as safe
 * for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ScaledRewardModel implements TokenizedRewardModel {

  private static final String RAW = "raw";

  private final RewardModel model;
  private final RewardScale scale;

  private ScaledRewardModel(RewardModel model, RewardScale scale) {
    this.model = Objects.requireNonNull(model, "model");
    this.scale = Objects.requireNonNull(scale, "scale");
  }

  /**
   * Returns a model on another scale.
   *
   * @param model what scores
   * @param scale shift and scale
   * @return the model
   */
  public static ScaledRewardModel of(RewardModel model, RewardScale scale) {
    return new ScaledRewardModel(model, scale);
  }

  /**
   * Returns the scale.
   *
   * @return shift and scale
   */
  public RewardScale scale() {
    return scale;
  }

  @Override
  public String id() {
    return "scaled(%s, %s, %s)".formatted(model.id(), scale.shift(), scale.scale());
  }

  @Override
  public List<Tokenizer> tokenizers() {
    return TokenizedRewardModel.of(List.of(model));
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<Reward> rewards = new ArrayList<>();
    for (Reward reward : Members.rewards(model.id(), model, answers, cancellation)) {
      ImmutableMap.Builder<String, Double> parts = ImmutableMap.builder();
      parts.putAll(reward.components()).put(RAW, reward.value());
      OptionalDouble deviation = reward.standardDeviation();
      rewards.add(
          new Reward(
              Members.finite(id(), rewards.size(), scale.apply(reward.value())),
              parts.buildKeepingLast(),
              deviation.isEmpty()
                  ? deviation
                  : OptionalDouble.of(deviation.getAsDouble() / scale.scale())));
    }
    return rewards;
  }
}
