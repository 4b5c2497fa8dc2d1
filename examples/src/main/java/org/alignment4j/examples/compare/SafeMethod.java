package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.alignment4j.examples.align.WorldReplies;
import org.alignment4j.rlhf.CostConstraint;
import org.alignment4j.rlhf.Critic;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.PolicyVariants;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.runtime.train.Lora;

/**
 * PPO-Lagrangian: rewards under a bound on the mean cost by a cost model of harm.
 *
 * @param tuning rate, prompts of an update and epochs
 */
record SafeMethod(Tuning tuning) implements AlignmentMethod {

  private static final double CRITIC_RATE = 1e-3;

  private static final PolicyMethod METHOD = PolicyVariants.ppoLagrangian().withUpdates(2, 1);
  private static final Critic CRITIC =
      Critic.safeRlhf().adapter(Lora.rank(Tuning.RANK)).learningRate(CRITIC_RATE);

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
  public Map<String, String> settings() {
    return tuning.settings("method", METHOD, "critics", CRITIC);
  }

  @Override
  public Policy train(MethodContext context, Path folder) {
    PolicyTrainer trainer =
        PolicyTrainer.of(context.start().model(), METHOD)
            .reward(context.reward())
            .critic(CRITIC)
            .constraint(
                new CostConstraint(
                    RewardFunction.of("cost", context.costs()),
                    LagrangeMultiplier.standard(0),
                    CRITIC))
            .rollouts(RolloutOptions.of(WorldReplies.TOKENS));
    return DecoderPolicy.merged(
        context.settings(trainer, tuning, folder).train(context.data().prompts()).model(),
        UnaryOperator.identity());
  }
}
