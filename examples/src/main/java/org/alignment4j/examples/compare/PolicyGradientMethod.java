package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.RolloutOptions;

/**
 * Reinforcement learning from the reward model.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param method how rewards become updates
 * @param rate the highest learning rate
 * @param variant batch size, critic and whatever else
 */
record PolicyGradientMethod(
    String name,
    String paper,
    PolicyMethod method,
    double rate,
    UnaryOperator<PolicyTrainer> variant)
    implements AlignmentMethod {

  @Override
  public Objective objective() {
    return new RewardObjective();
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    PolicyTrainer trainer =
        PolicyTrainer.of(context.start().model(), method)
            .reward(context.reward())
            .rollouts(RolloutOptions.of(WorldReplies.TOKENS));
    return DecoderPolicy.merged(
        variant
            .apply(context.settings(trainer, rate, folder))
            .train(context.data().prompts())
            .model(),
        UnaryOperator.identity());
  }
}
