package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.Critic;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.RolloutOptions;
import org.jspecify.annotations.Nullable;

/**
 * Reinforcement learning from the reward model.
 *
 * @param name what tables call it
 * @param paper where it was published
 * @param method how rewards become updates
 * @param tuning rate, prompts of an update and epochs
 * @param critic null where the method needs none
 */
record PolicyGradientMethod(
    String name, String paper, PolicyMethod method, Tuning tuning, @Nullable Critic critic)
    implements AlignmentMethod {

  @Override
  public Objective objective() {
    return new RewardObjective();
  }

  @Override
  public Map<String, String> settings() {
    return critic == null
        ? tuning.settings("method", method)
        : tuning.settings("method", method, "critic", critic);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    PolicyTrainer trainer =
        PolicyTrainer.of(context.start().model(), method)
            .reward(context.reward())
            .rollouts(RolloutOptions.of(WorldReplies.TOKENS));
    return DecoderPolicy.merged(
        context
            .settings(critic == null ? trainer : trainer.critic(critic), tuning, folder)
            .train(context.data().prompts())
            .model(),
        UnaryOperator.identity());
  }
}
