package org.alignment4j.examples.overoptimise;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.RewardModelResult;
import org.alignment4j.rlhf.RewardModelTrainer;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LearningRateSchedule;

/**
 * The trainings of the job. Each has a run folder of its own and goes on from it when interrupted.
 *
 * @param settings sizes and rates
 * @param world gives the data
 * @param run folder of the run folders
 * @param progress hears of every update
 */
record OveroptimiseRecipe(
    OveroptimiseSettings settings, PocketWorld world, Path run, ProgressListener progress) {

  private static final int BATCH = 16;
  private static final int REWARD_EPOCHS = 2;
  private static final double REWARD_RATE = 2e-4;

  /** Prompts of training are drawn apart from those of the proxy's pairs. */
  private static final long APART = 1_000_000;

  /** The proxy: a reward model of few pairs of annotators who see harmlessness only. */
  RewardModelResult proxy(DecoderModel base) {
    return RewardModelTrainer.of(base)
        .runFolder(run.resolve("proxy"))
        .onProgress(progress)
        .seed(settings.seed())
        .epochs(REWARD_EPOCHS)
        .batchSize(BATCH)
        .learningRate(REWARD_RATE)
        .train(
            world.preferences(PreferenceAspect.HARMLESSNESS, settings.seed(), settings.pairs(), 0));
  }

  /**
   * One stage of the run: GRPO without any penalty, at one rate, from where the last stage ended.
   *
   * @param number from 1
   */
  FineTuningResult stage(int number, DecoderModel start, RewardFunction proxy) {
    return PolicyTrainer.of(start, PolicyMethod.grpo().withGroupSize(settings.group()))
        .runFolder(run.resolve("stage-" + number))
        .onProgress(progress)
        .seed(settings.seed() + number)
        .reward(proxy)
        .rollouts(RolloutOptions.of(settings.replyTokens()))
        .batchSize(settings.prompts())
        .schedule(LearningRateSchedule.constant(settings.rate()))
        .train(prompts(number));
  }

  /** Different prompts of the training split for each step of a stage. */
  private List<Prompt> prompts(int stage) {
    int count = settings.steps() * settings.prompts();
    Set<Prompt> different = new LinkedHashSet<>();
    world
        .preferences(PreferenceAspect.HARMLESSNESS, settings.seed() + stage * APART, 2 * count, 0)
        .forEach(pair -> different.add(pair.prompt()));
    List<Prompt> drawn = new ArrayList<>(different);
    return drawn.subList(0, Math.min(count, drawn.size()));
  }
}
