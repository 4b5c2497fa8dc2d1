package org.alignment4j.examples.constitute;

import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.core.data.Demonstrations;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.rlhf.PreferenceTrainer;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;

/**
 * The trainings. Each has a run folder of its own and goes on from it when interrupted.
 *
 * @param run folder of the run folders
 * @param seed of all trainings
 * @param progress hears of every update
 */
record Trainings(Path run, long seed, ProgressListener progress) {
  private static final int BATCH = 16;
  private static final int CHECKPOINT_EVERY = 50;
  private static final int LESSON_EPOCHS = 1;
  private static final int LESSON_BATCH = 8;
  private static final double LESSON_RATE = 7e-4;
  private static final int REVISION_EPOCHS = 2;
  private static final double REVISION_RATE = 2e-4;
  private static final int PREFERENCE_EPOCHS = 1;
  private static final double PREFERENCE_RATE = 3e-4;
  private static final double BETA = 0.1;
  private static final int RANK = 16;

  /** Teaches the base model to supervise. */
  DecoderModel supervisor(DecoderModel base, List<PromptCompletion> lessons) {
    return sft(base, "supervisor", LESSON_EPOCHS, LESSON_RATE)
        .batchSize(LESSON_BATCH)
        .train(lessons)
        .model();
  }

  /** Fine-tunes the base model on a file of demonstrations. */
  DecoderModel revisions(DecoderModel base, Path demonstrations) {
    return sft(base, "sft", REVISION_EPOCHS, REVISION_RATE)
        .trainDemonstrations(Demonstrations.read(demonstrations))
        .model();
  }

  private SftTrainer sft(DecoderModel base, String name, int epochs, double rate) {
    return SftTrainer.of(base)
        .runFolder(run.resolve(name))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(seed)
        .epochs(epochs)
        .batchSize(BATCH)
        .learningRate(rate);
  }

  /** Trains the fine-tuned model on a file of preferences, by DPO. */
  DecoderModel preferences(DecoderModel sft, Path pairs) {
    return PreferenceTrainer.of(sft, PreferenceLoss.dpo(BETA))
        .adapter(Lora.rank(RANK))
        .runFolder(run.resolve("dpo"))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(seed)
        .epochs(PREFERENCE_EPOCHS)
        .batchSize(BATCH)
        .learningRate(PREFERENCE_RATE)
        .train(Preferences.read(pairs))
        .model();
  }
}
