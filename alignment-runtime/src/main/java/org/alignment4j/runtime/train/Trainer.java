package org.alignment4j.runtime.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Minimises an objective over a model: gradients, clipping, an optimiser, metrics, checkpoints.
 * With a folder, a run that was killed, cancelled or stopped by a failure continues from its newest
 * checkpoint and ends in the same bits as one that was not. Immutable; runs are independent.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Trainer {
  private final DecoderEngine engine;
  private final String task;
  private final TrainingOptions options;
  private final TrainingContext context;

  /**
   * Creates a trainer.
   *
   * @param engine graphs of the models' architecture
   * @param task what it does, for progress and messages, such as {@code "dpo"}
   * @param options how it optimises and saves
   * @param context what surrounds it
   */
  public Trainer(
      DecoderEngine engine, String task, TrainingOptions options, TrainingContext context) {
    this.engine = engine;
    this.task = task;
    this.options = options;
    this.context = context;
  }

  /**
   * Trains without a folder: nothing is written, and a run that stops is lost.
   *
   * @param trainable the model and what of it is trained
   * @param objective what is minimised
   * @param source the data
   * @return the trained model
   * @throws org.alignment4j.api.TrainingDivergedException when the loss or a gradient is not finite
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  public TrainingResult run(Trainable trainable, Objective objective, UpdateSource source) {
    return run(trainable, objective, source, (RunFolder) null);
  }

  /**
   * Trains, or continues a run, in a folder.
   *
   * @param trainable the model and what of it is trained
   * @param objective what is minimised
   * @param source the data
   * @param path the run's folder; created when absent
   * @return the trained model
   * @throws org.alignment4j.api.TrainingDivergedException when the loss or a gradient is not
   *     finite; checkpoints stay
   * @throws org.alignment4j.api.CancelledException when cancelled, after a checkpoint
   * @throws org.alignment4j.api.RunFolderException when the folder belongs to a run of another
   *     configuration or to another process, or the disk fails; checkpoints stay
   */
  public TrainingResult run(
      Trainable trainable, Objective objective, UpdateSource source, Path path) {
    return run(
        trainable,
        objective,
        source,
        description -> RunFolder.open(path, description, options.checkpointsKept()));
  }

  TrainingResult run(
      Trainable trainable,
      Objective objective,
      UpdateSource source,
      Function<Map<String, String>, RunFolder> opener) {
    context.cancellation().throwIfCancelled(task);
    Map<String, String> description =
        RunDescription.of(task, engine.architecture(), trainable, objective, source, options);
    try (RunFolder folder = opener.apply(description)) {
      return run(trainable, objective, source, folder);
    }
  }

  private TrainingResult run(
      Trainable trainable, Objective objective, UpdateSource source, @Nullable RunFolder folder) {
    try (TrainingStep step =
        new TrainingStep(
            engine,
            trainable,
            objective,
            options.noise(),
            options.recomputation(),
            options.adversary(),
            context.executor(),
            context.threads())) {
      Optimizer optimizer =
          options.optimizer().create(step.parameters(), context.executor(), context.threads());
      RunLoop loop =
          new RunLoop(
              task,
              new ObjectiveRun(
                  task,
                  options,
                  context,
                  step,
                  optimizer,
                  source,
                  new PresentModel(trainable, step)),
              options.hooks(),
              options.checkpointEvery(),
              context,
              folder);
      RunEnd end = loop.run();
      return TrainingResult.of(trainable, step.parameters(), loop.metrics(), end);
    }
  }
}
