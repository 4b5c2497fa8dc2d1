package org.alignment4j.runtime.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.api.TrainingDivergedException;
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
  private static final double NANOS = 1e9;

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
   * @throws TrainingDivergedException when the loss or a gradient is not finite
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
   * @throws TrainingDivergedException when the loss or a gradient is not finite; checkpoints stay
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
    long total = source.steps();
    try (TrainingStep step =
        new TrainingStep(
            engine,
            trainable,
            objective,
            options.noise(),
            options.recomputation(),
            context.executor(),
            context.threads())) {
      Optimizer optimizer =
          options.optimizer().create(step.parameters(), context.executor(), context.threads());
      RunRecord saved = new RunRecord(folder, step.parameters(), optimizer, source);
      PresentModel model = new PresentModel(trainable, step);
      List<Metrics> history = new ArrayList<>();
      long done = saved.resume();
      TrainingProgress progress =
          new TrainingProgress(task, total, context.progress(), context.nanoClock());
      try {
        context.metrics().started(task, done);
        for (long s = done + 1; s <= total; s++) {
          saved.stopIfCancelled(context.cancellation(), task, s - 1);
          Metrics metrics = update(step, optimizer, source, model, s);
          history.add(metrics);
          saved.append(metrics);
          context.metrics().updated(metrics);
          if (s % options.checkpointEvery() == 0 || s == total) {
            saved.save(s);
          }
          progress.step(metrics);
        }
      } finally {
        context.metrics().ended();
      }
      return TrainingResult.of(trainable, step.parameters(), history);
    }
  }

  private Metrics update(
      TrainingStep step,
      Optimizer optimizer,
      UpdateSource source,
      PresentModel model,
      long number) {
    long start = context.nanoClock().getAsLong();
    UpdateSource.Update prepared = source.at(number, model);
    TrainingStep.Outcome outcome = step.run(prepared.batches(), number);
    if (!Double.isFinite(outcome.loss())) {
      throw new TrainingDivergedException(
          number,
          "the loss must be finite but was "
              + outcome.loss()
              + " in step "
              + number
              + " of "
              + task
              + "; lower the learning rate or look at the data of this step");
    }
    double rate = options.schedule().at(number - 1, source.steps());
    Optimizer.Update update =
        optimizer.update(step.gradients(), 1, rate, options.maxGradientNorm());
    double seconds = (context.nanoClock().getAsLong() - start) / NANOS;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", outcome.loss());
    values.put("grad_norm", update.gradientNorm());
    values.put("learning_rate", rate);
    values.putAll(prepared.metrics().apply(outcome.metrics()));
    values.put("tokens_per_second", seconds > 0 ? outcome.tokens() / seconds : 0);
    return new Metrics(number, values);
  }
}
