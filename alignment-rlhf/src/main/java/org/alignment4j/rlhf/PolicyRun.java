package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * Minimises an objective over data that depends on the model being trained, as {@link
 * org.alignment4j.runtime.train.Trainer} does over data that does not. With a folder, a run that
 * was killed, cancelled or stopped by a failure continues from its newest checkpoint and ends in
 * the same bits as one that was not.
 *
 * @param engine graphs of the model's architecture
 * @param task what it does, for progress and messages
 * @param options how it optimises and saves
 * @param context what surrounds it
 */
record PolicyRun(
    DecoderEngine engine, String task, TrainingOptions options, TrainingContext context) {

  private static final double NANOS = 1e9;

  /** Trains, or continues a run where there is a folder with one. */
  TrainingResult run(
      Trainable trainable, Objective objective, PolicySource source, @Nullable Path path) {
    context.cancellation().throwIfCancelled(task);
    if (path == null) {
      return run(trainable, objective, source, (RunFolder) null);
    }
    Map<String, String> description =
        PolicyRunDescription.of(task, engine, trainable, objective, source, options);
    try (RunFolder folder = RunFolder.open(path, description, options.checkpointsKept())) {
      return run(trainable, objective, source, folder);
    }
  }

  private TrainingResult run(
      Trainable trainable, Objective objective, PolicySource source, @Nullable RunFolder folder) {
    try (TrainingStep step =
            new TrainingStep(
                engine,
                trainable,
                objective,
                options.noise(),
                options.recomputation(),
                context.executor(),
                context.threads());
        PresentPolicy policy = new PresentPolicy(engine, trainable, step.parameters())) {
      Optimizer optimizer =
          options.optimizer().create(step.parameters(), context.executor(), context.threads());
      PolicyRunRecord saved = new PolicyRunRecord(folder, step.parameters(), optimizer, source);
      List<Metrics> history = new ArrayList<>();
      long done = saved.resume();
      StepProgress progress = new StepProgress(task, source.steps(), context);
      try {
        context.metrics().started(task, done);
        for (long s = done + 1; s <= source.steps(); s++) {
          saved.stopIfCancelled(context.cancellation(), task, s - 1);
          Metrics metrics;
          try {
            metrics = update(step, optimizer, policy, source, s);
          } catch (CancelledException e) {
            throw saved.stopped(e, s - 1);
          }
          history.add(metrics);
          saved.append(metrics);
          context.metrics().updated(metrics);
          if (s % options.checkpointEvery() == 0 || s == source.steps()) {
            saved.save(s);
          }
          progress.step(metrics);
        }
      } finally {
        context.metrics().ended();
      }
      return result(trainable, step, history);
    }
  }

  private Metrics update(
      TrainingStep step,
      Optimizer optimizer,
      PresentPolicy policy,
      PolicySource source,
      long number) {
    long start = context.nanoClock().getAsLong();
    PolicySource.Update prepared = source.at(number, policy);
    if (prepared.batches().isEmpty()) {
      return new Metrics(number, prepared.metrics().apply(Map.of()));
    }
    TrainingStep.Outcome outcome = step.run(prepared.batches(), number);
    if (!Double.isFinite(outcome.loss())) {
      throw new TrainingDivergedException(
          number,
          ("the loss must be finite but was %s in step %s of %s; lower the learning rate or look at"
                  + " the data of this step")
              .formatted(outcome.loss(), number, task));
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

  private static TrainingResult result(
      Trainable trainable, TrainingStep step, List<Metrics> metrics) {
    return new TrainingResult(
        PresentPolicy.weights(trainable, step.parameters()),
        trainable instanceof Trainable.Adapter adapter
            ? Optional.of(adapter.start().withParameters(step.parameters()))
            : Optional.empty(),
        metrics);
  }
}
