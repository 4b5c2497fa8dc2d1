package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.CostConstraint;
import org.alignment4j.rlhf.Critic;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.PolicyVariants;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.runtime.train.Lora;

/**
 * PPO-Lagrangian: rewards under a bound on the mean cost by a cost model of harm.
 *
 * @param rate the highest learning rate
 */
record SafeMethod(double rate) implements AlignmentMethod {

  private static final double CRITIC_RATE = 1e-3;
  private static final int RANK = 16;
  private static final int BATCH = 32;

  @Override
  public String name() {
    return "PPO-Lagrangian";
  }

  @Override
  public String paper() {
    return "Dai et al. 2023, arXiv 2310.12773";
  }

  @Override
  public Objective objective() {
    return new LagrangianObjective();
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    Critic critic = Critic.safeRlhf().adapter(Lora.rank(RANK)).learningRate(CRITIC_RATE);
    PolicyTrainer trainer =
        PolicyTrainer.of(context.start().model(), PolicyVariants.ppoLagrangian().withUpdates(2, 1))
            .reward(context.reward())
            .critic(critic)
            .constraint(
                new CostConstraint(
                    RewardFunction.of("cost", context.costs()),
                    LagrangeMultiplier.standard(0),
                    critic))
            .rollouts(RolloutOptions.of(WorldReplies.TOKENS));
    return DecoderPolicy.merged(
        context
            .settings(trainer, rate, folder)
            .batchSize(BATCH)
            .epochs(2)
            .train(context.data().prompts())
            .model(),
        UnaryOperator.identity());
  }
}
