package org.alignment4j.rlhf;

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
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.Trainable;
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
    LostExamples.log(task, report);
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
    settings().requireAdapterForDropout();
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
    return settings().run(engine, trainable, objective, source, view);
  }

  /** What happens between updates. */
  RunHooks hooks(ModelView view) {
    return settings().hooks(view);
  }

  /** The schedule that was chosen, or else the linear one over so many updates. */
  LearningRateSchedule schedule(long updates) {
    return settings().schedule(updates);
  }

  private RunSettings settings() {
    return new RunSettings(task, options);
  }
}
