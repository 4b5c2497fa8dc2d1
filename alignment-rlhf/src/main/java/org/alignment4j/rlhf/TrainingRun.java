package org.alignment4j.rlhf;

import java.nio.file.Path;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.UpdateSource;
import org.jspecify.annotations.Nullable;

/**
 * Trains a decoder model. An adapter the model already has is trained further where an adapter is
 * trained, over the weights as they are, so that the new adapter alone holds all that differs from
 * them; where every weight is trained it is merged first.
 *
 * @param task what progress and messages call it
 * @param base where training starts
 * @param options how it is trained
 */
record TrainingRun(String task, DecoderModel base, FineTuningOptions options) {

  private static final int CHECKPOINTS_KEPT = 2;

  /** The model as one that can be trained here. */
  static DecoderModel decoder(LanguageModel model) {
    if (model instanceof DecoderModel decoder) {
      return decoder;
    }
    throw new IllegalArgumentException(
        "model must be a DecoderModel, whose weights are in this process, but was "
            + model.getClass().getName());
  }

  FineTuningResult train(Objective objective, UpdateSource source, EncodingReport report) {
    try (DecoderModel start = start()) {
      TrainingResult result =
          run(start.engine(), trainable(start), objective, source, new ModelView.Language(start));
      DecoderModel trained =
          result.adapter().isPresent()
              ? start.withAdapter(result.adapter().get())
              : start.withWeights(result.weights());
      return new FineTuningResult(trained, result.metrics(), report, result.end());
    }
  }

  /** What is trained of the model training starts from. */
  Trainable trainable(DecoderModel start) {
    requireAdapterForDropout();
    return options.adapter() == null
        ? Trainable.all(start.weights())
        : adapter(start.weights(), start.architecture(), base.adapter(), options.adapter());
  }

  /** The model whose weights training starts from; the caller closes it. */
  DecoderModel start() {
    if (options.adapter() != null) {
      return base.withoutAdapter();
    }
    if (base.adapter() != null) {
      // Quantised weights are refused as such, whatever is over them.
      Trainable.all(base.weights());
    }
    return base.merged();
  }

  /** A new adapter, or the one that there is already. */
  static Trainable.Adapter adapter(
      Weights weights,
      Architecture architecture,
      @Nullable LoraAdapter present,
      LoraConfig config) {
    return present == null
        ? Trainable.adapter(weights, architecture, config)
        : Trainable.adapter(weights, architecture, present, config);
  }

  /** Trains weights of any model of the engine's architecture. */
  TrainingResult run(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      UpdateSource source,
      ModelView view) {
    Trainer trainer =
        new Trainer(engine, task, optimisation(source.steps()).hooks(hooks(view)), context());
    Path folder = options.runFolder();
    if (folder == null) {
      return trainer.run(trainable, objective, source);
    }
    return whole(trainer.run(trainable, objective, source, folder));
  }

  /** What happens between updates. */
  RunHooks hooks(ModelView view) {
    return options.monitoring().hooks(view, options.cancellation());
  }

  private TrainingContext context() {
    return TrainingContext.defaults()
        .progress(options.progress())
        .cancellation(options.cancellation())
        .metrics(options.metrics());
  }

  /** With the metrics of every process the run took. */
  private TrainingResult whole(TrainingResult result) {
    Path folder = options.runFolder();
    return folder == null
        ? result
        : new TrainingResult(
            result.weights(), result.adapter(), RunFolder.readMetrics(folder), result.end());
  }

  /** The schedule that was chosen, or else the linear one over so many updates. */
  LearningRateSchedule schedule(long updates) {
    LearningRateSchedule chosen = options.optimisation().schedule();
    return chosen == null ? linear(updates) : chosen;
  }

  private void requireAdapterForDropout() {
    Optimisation optimisation = options.optimisation();
    if (options.adapter() == null && optimisation.noise().adapterDropout() > 0) {
      throw new IllegalArgumentException(
          "adapterDropout is of what an adapter reads and must be 0 where none is trained but was "
              + optimisation.noise().adapterDropout()
              + "; train one, such as adapter(Lora.rank(16)), or use dropout");
    }
  }

  private TrainingOptions optimisation(long steps) {
    requireAdapterForDropout();
    Optimisation optimisation = options.optimisation();
    return TrainingOptions.of(schedule(steps))
        .optimizer(optimisation.optimizer())
        .noise(optimisation.noise())
        .recomputation(optimisation.recomputation())
        .maxGradientNorm(options.maxGradientNorm())
        .checkpoints(options.checkpointEvery(), CHECKPOINTS_KEPT);
  }

  private LearningRateSchedule linear(long steps) {
    LearningRateSchedule decay = LearningRateSchedule.linear(options.learningRate());
    long warmUp = (long) Math.floor(options.warmUpShare() * steps);
    return warmUp == 0 ? decay : decay.warmUp(warmUp);
  }
}
