package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.RaftTrainer;
import org.alignment4j.rlhf.RolloutOptions;

/**
 * Supervised fine-tuning on the model's own answers of the highest reward, in rounds.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param rate the highest learning rate
 * @param variant number of samples and rounds, and what is selected
 */
record RaftMethod(String name, String paper, double rate, UnaryOperator<RaftTrainer> variant)
    implements AlignmentMethod {

  @Override
  public Objective objective() {
    return new RewardObjective();
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    RaftTrainer trainer =
        variant.apply(
            RaftTrainer.of(context.start().model())
                .reward(context.reward())
                .rollouts(RolloutOptions.of(WorldReplies.TOKENS)));
    return DecoderPolicy.merged(
        context.settings(trainer, rate, folder).train(context.data().prompts()).model(),
        UnaryOperator.identity());
  }
}
