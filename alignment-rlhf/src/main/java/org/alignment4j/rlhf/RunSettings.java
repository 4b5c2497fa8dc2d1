package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.Optional;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.UpdateSource;

/**
 * How a run goes, whatever model it trains.
 *
 * @param task what progress and messages call it
 * @param options how the model is trained
 */
record RunSettings(String task, FineTuningOptions options) {

  private static final int CHECKPOINTS_KEPT = 2;

  /** Trains weights of any model of the engine's architecture. */
  TrainingResult run(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      UpdateSource source,
      ModelView view) {
    Trainer trainer =
        new Trainer(
            engine, task, optimisation(source.steps()).hooks(hooks(view)), options.execution());
    Path folder = options.runFolder();
    if (folder == null) {
      return trainer.run(trainable, objective, source);
    }
    return whole(trainer.run(trainable, objective, source, folder), folder);
  }

  /** What happens between updates. */
  RunHooks hooks(ModelView view) {
    return options.monitoring().hooks(view, options.cancellation());
  }

  /** The schedule that was chosen, or else the linear one over so many updates. */
  LearningRateSchedule schedule(long updates) {
    LearningRateSchedule chosen = options.optimisation().schedule();
    return chosen == null ? linear(updates) : chosen;
  }

  /**
   * Refuses noise that nothing here would read.
   *
   * @throws IllegalArgumentException when an adapter's input is to be dropped and none is trained
   */
  void requireAdapterForDropout() {
    Optimisation optimisation = options.optimisation();
    if (options.adapter() == null && optimisation.noise().adapterDropout() > 0) {
      throw new IllegalArgumentException(
          "adapterDropout is of what an adapter reads and must be 0 where none is trained but was "
              + optimisation.noise().adapterDropout()
              + "; train one, such as adapter(Lora.rank(16)), or use dropout");
    }
  }

  /** With the metrics of every process the run took. */
  private static TrainingResult whole(TrainingResult result, Path folder) {
    return new TrainingResult(
        result.weights(), result.adapter(), RunFolder.readMetrics(folder), result.end());
  }

  private TrainingOptions optimisation(long steps) {
    requireAdapterForDropout();
    Optimisation optimisation = options.optimisation();
    return TrainingOptions.of(schedule(steps))
        .optimizer(optimisation.optimizer())
        .noise(optimisation.noise())
        .recomputation(optimisation.recomputation())
        .adversary(Optional.ofNullable(optimisation.adversary()))
        .maxGradientNorm(options.maxGradientNorm())
        .checkpoints(options.checkpointEvery(), CHECKPOINTS_KEPT);
  }

  private LearningRateSchedule linear(long steps) {
    LearningRateSchedule decay = LearningRateSchedule.linear(options.learningRate());
    long warmUp = (long) Math.floor(options.warmUpShare() * steps);
    return warmUp == 0 ? decay : decay.warmUp(warmUp);
  }
}
