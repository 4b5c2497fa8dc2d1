package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.OnlinePreferenceTrainer;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.loss.PreferenceLoss;

/**
 * A preference loss on the model's own answers, of which the reward model says which are best and
 * worst.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param loss what is minimised
 * @param rate the highest learning rate
 */
record OnlineMethod(String name, String paper, PreferenceLoss loss, double rate)
    implements AlignmentMethod {

  private static final int SAMPLES = 4;

  @Override
  public Objective objective() {
    return new RewardObjective();
  }

  @Override
  public Map<String, String> settings() {
    return Tuning.of(rate).settings("loss", loss, "samples", SAMPLES);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    OnlinePreferenceTrainer trainer =
        OnlinePreferenceTrainer.of(context.start().model(), loss)
            .reward(context.reward())
            .samples(SAMPLES)
            .rollouts(RolloutOptions.of(WorldReplies.TOKENS));
    return DecoderPolicy.merged(
        context.settings(trainer, Tuning.of(rate), folder).train(context.data().prompts()).model(),
        UnaryOperator.identity());
  }
}
