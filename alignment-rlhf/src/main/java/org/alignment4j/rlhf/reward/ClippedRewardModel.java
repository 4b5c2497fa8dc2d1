package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.advantage.RewardClip;
import org.apiguardian.api.API;

/**
 * A reward model whose rewards are bounded. The component {@code clipped} is 1 where the bound
 * changed the reward and 0 elsewhere, so that its mean, which metrics of training report, is the
 * share that was clipped. Immutable and as safe for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ClippedRewardModel implements TokenizedRewardModel {

  private static final String CLIPPED = "clipped";

  private final RewardModel model;
  private final RewardClip clip;

  private ClippedRewardModel(RewardModel model, RewardClip clip) {
    this.model = Objects.requireNonNull(model, "model");
    this.clip = Objects.requireNonNull(clip, "clip");
  }

  /**
   * Returns a model with bounded rewards.
   *
   * @param model what scores
   * @param clip the bound
   * @return the model
   */
  public static ClippedRewardModel of(RewardModel model, RewardClip clip) {
    return new ClippedRewardModel(model, clip);
  }

  @Override
  public String id() {
    return "clipped(%s, %s)".formatted(model.id(), clip.limit());
  }

  @Override
  public List<Tokenizer> tokenizers() {
    return TokenizedRewardModel.of(List.of(model));
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<Reward> rewards = new ArrayList<>();
    for (Reward reward : Members.rewards(model.id(), model, answers, cancellation)) {
      double[] value = {reward.value()};
      ImmutableMap.Builder<String, Double> parts = ImmutableMap.builder();
      parts.putAll(reward.components()).put(CLIPPED, clip.clippedShare(value));
      rewards.add(
          new Reward(clip.apply(value)[0], parts.buildKeepingLast(), reward.standardDeviation()));
    }
    return rewards;
  }
}
