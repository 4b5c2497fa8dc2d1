package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.RaftTrainer;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.selection.Selection;

/**
 * Supervised fine-tuning on the model's own answers of the highest reward, in three rounds of four
 * answers to each prompt.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param rate the highest learning rate
 * @param selection which answers are learned
 */
record RaftMethod(String name, String paper, double rate, Selection selection)
    implements AlignmentMethod {

  private static final int SAMPLES = 4;
  private static final int ROUNDS = 3;

  @Override
  public Objective objective() {
    return new RewardObjective();
  }

  @Override
  public Map<String, String> settings() {
    return Tuning.of(rate).settings("samples", SAMPLES, "rounds", ROUNDS, "selection", selection);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    RaftTrainer trainer =
        RaftTrainer.of(context.start().model())
            .reward(context.reward())
            .rollouts(RolloutOptions.of(WorldReplies.TOKENS))
            .samples(SAMPLES)
            .iterations(ROUNDS)
            .select(selection);
    return DecoderPolicy.merged(
        context.settings(trainer, Tuning.of(rate), folder).train(context.data().prompts()).model(),
        UnaryOperator.identity());
  }
}
