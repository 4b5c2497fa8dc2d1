package org.alignment4j.examples.align;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.RewardModelResult;
import org.alignment4j.rlhf.RewardModelTrainer;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;

/**
 * The trainings of the main job. Each has a run folder of its own and goes on from it when
 * interrupted.
 *
 * @param world gives the data
 * @param run folder of the run folders
 * @param seed of data and training
 * @param progress hears of every update
 */
public record PocketRecipe(PocketWorld world, Path run, long seed, ProgressListener progress) {

  /** Demonstrations of supervised fine-tuning. */
  public static final int DEMONSTRATIONS = 96;

  /** The highest learning rate of supervised fine-tuning, which trains every weight. */
  public static final double DEMONSTRATION_RATE = 1e-4;

  /** Examples of an update. */
  public static final int BATCH = 16;

  static final int REWARD_PAIRS = 600;

  /** Pairs of each preference training. */
  public static final int PAIRS = 800;

  static final int RANK = 16;
  static final double BETA = 0.1;

  private static final int CHECKPOINT_EVERY = 10;

  /** Supervised fine-tuning of the base model. */
  public FineTuningResult demonstrations(DecoderModel base) {
    return SftTrainer.of(base)
        .runFolder(run.resolve("sft"))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(seed)
        .epochs(1)
        .batchSize(BATCH)
        .learningRate(DEMONSTRATION_RATE)
        .train(world.demonstrations(seed, DEMONSTRATIONS));
  }

  RewardModelResult rewards(DecoderModel start, PreferenceAspect aspect, String folder) {
    return RewardModelTrainer.of(start)
        .runFolder(run.resolve(folder))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(seed)
        .epochs(1)
        .batchSize(BATCH)
        .learningRate(2e-4)
        .train(pairs(aspect, seed, REWARD_PAIRS));
  }

  /**
   * Preference training on a mixture.
   *
   * @param percent how much of a hundred pairs comes from the harmlessness set
   */
  public FineTuningResult preferences(DecoderModel start, int percent) {
    return preferences(start, percent, PAIRS);
  }

  /**
   * Preference training on fewer or more pairs.
   *
   * @param percent how much of a hundred pairs comes from the harmlessness set
   * @param pairs how many pairs
   */
  public FineTuningResult preferences(DecoderModel start, int percent, int pairs) {
    return preferences(start, percent, pairs, trainer -> trainer);
  }

  /**
   * Preference training with other settings.
   *
   * @param percent how much of a hundred pairs comes from the harmlessness set
   * @param pairs how many pairs
   * @param settings what is set besides, such as an adversary
   */
  public FineTuningResult preferences(
      DecoderModel start, int percent, int pairs, UnaryOperator<PreferenceTrainer> settings) {
    return settings
        .apply(
            PreferenceTrainer.of(start, PreferenceLoss.dpo(BETA))
                .adapter(Lora.rank(RANK))
                .runFolder(run.resolve("dpo-" + percent))
                .onProgress(progress)
                .checkpointEvery(CHECKPOINT_EVERY)
                .seed(seed)
                .epochs(1)
                .batchSize(BATCH)
                .learningRate(3e-4))
        .train(mixture(percent, pairs));
  }

  /**
   * The pairs of a mixture.
   *
   * @param percent how much of a hundred pairs comes from the harmlessness set
   * @param count how many pairs
   */
  public List<PreferencePair> mixture(int percent, int count) {
    int harmless = count * percent / 100;
    List<PreferencePair> mixed =
        new ArrayList<>(pairs(PreferenceAspect.HELPFULNESS, seed, count - harmless));
    mixed.addAll(pairs(PreferenceAspect.HARMLESSNESS, seed, harmless));
    return mixed;
  }

  /** Pairs whose prompts no training on preferences sees. */
  public List<PreferencePair> heldOut(PreferenceAspect aspect, int count) {
    Set<Prompt> seen = new HashSet<>();
    for (PreferenceAspect each : PreferenceAspect.values()) {
      pairs(each, seed, PAIRS).forEach(pair -> seen.add(pair.prompt()));
    }
    List<PreferencePair> fresh =
        pairs(aspect, seed + 1_000_000, 2 * count).stream()
            .filter(pair -> !seen.contains(pair.prompt()))
            .toList();
    return fresh.subList(0, Math.min(count, fresh.size()));
  }

  private List<PreferencePair> pairs(PreferenceAspect aspect, long dataSeed, int count) {
    return world.preferences(aspect, dataSeed, count, 0);
  }
}
