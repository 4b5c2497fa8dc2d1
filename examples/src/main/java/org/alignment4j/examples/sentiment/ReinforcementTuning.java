package org.alignment4j.examples.sentiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.Critic;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.RewardNormaliser;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;

/**
 * Reinforcement learning from the reward model's score.
 *
 * @param settings rates and sizes
 * @param recipe says where the run is kept, and who hears of it
 */
record ReinforcementTuning(ReinforcementSettings settings, SentimentRecipe recipe) {

  private static final String STEP = "step";
  private static final int CHECKPOINT_EVERY = 10;

  Tuning train(DecoderModel base, List<String> prompts, TrainedRewardModel proxy) {
    FineTuningResult result =
        PolicyTrainer.of(base, method())
            .runFolder(recipe.run().resolve(settings.method().toLowerCase(Locale.ROOT)))
            .onProgress(recipe.progress())
            .checkpointEvery(CHECKPOINT_EVERY)
            .seed(recipe.settings().seed())
            .reward(RewardFunction.of("sentiment", proxy))
            .normalise(RewardNormaliser.unbounded())
            .critic(Critic.standard().learningRate(settings.criticRate()))
            .rollouts(RolloutOptions.of(recipe.settings().replyTokens()))
            .batchSize(settings.prompts())
            .epochs(settings.epochs())
            .learningRate(settings.rate())
            .train(prompts.stream().map(Prompt::text).toList());
    String name = settings.method();
    return new Tuning(
        result.model(),
        new Account(
            name,
            name
                + " then learned from the score that the reward model gave the policy's own replies,"
                + " less a penalty on divergence from the base.",
            curves(),
            result.metrics()),
        Map.of(
            "replies that " + name + " learned from",
            Long.toString((long) settings.epochs() * prompts.size() * settings.replies())));
  }

  private PolicyMethod method() {
    PolicyMethod method =
        switch (settings.algorithm()) {
          case GRPO -> PolicyMethod.grpo();
          case PPO -> PolicyMethod.ppo();
        };
    return method
        .withGroupSize(settings.replies())
        .withLoss(method.loss().withEntropy(settings.entropy()))
        .withKl(KlController.fixed(settings.penalty()));
  }

  private List<Account.Curve> curves() {
    String name = settings.method();
    List<Account.Curve> curves = new ArrayList<>();
    curves.add(new Account.Curve(name + ": reward", STEP, "reward model's score", "reward"));
    curves.add(new Account.Curve(name + ": KL from base", STEP, "nats per reply", "kl"));
    curves.add(new Account.Curve(name + ": entropy", STEP, "nats per token", "entropy"));
    if (method().estimator().needsValues()) {
      curves.add(
          new Account.Curve(
              name + ": variance that the critic explains", STEP, "share", "explained_variance"));
    }
    return curves;
  }
}
