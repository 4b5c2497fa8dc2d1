package org.alignment4j.examples.oversee;

import java.nio.file.Path;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;

/**
 * Teaches the pocket model to argue.
 *
 * @param passages the lessons
 * @param settings seeds and rates
 * @param run folder of the run folders
 * @param progress hears of every update
 */
record DebaterTraining(
    Passages passages, OverseeSettings settings, Path run, ProgressListener progress) {
  private static final int BATCH = 16;
  private static final int EPOCHS = 2;
  private static final int CHECKPOINT_EVERY = 50;

  /**
   * Trains a debater, or goes on with it.
   *
   * @param number which one, from 0
   * @return the model, which the caller closes
   */
  DecoderModel train(DecoderModel base, int number) {
    long seed = settings.seed() + number;
    return SftTrainer.of(base)
        .runFolder(run.resolve("debater-" + (number + 1)))
        .onProgress(progress)
        .checkpointEvery(CHECKPOINT_EVERY)
        .seed(seed)
        .epochs(EPOCHS)
        .batchSize(BATCH)
        .learningRate(settings.learningRate())
        .train(passages.lessons(seed))
        .model();
  }
}
