package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.RunLoop;
import org.jspecify.annotations.Nullable;

/**
 * Makes the steps of a training with all that happens between them, and keeps it where there is a
 * folder.
 *
 * @param task what progress and messages call it
 * @param base where training starts
 * @param settings what is learned
 * @param options how, and where it is kept
 */
record PolicyRunner(
    String task, DecoderModel base, PolicySettings settings, FineTuningOptions options) {

  private static final int CHECKPOINTS_KEPT = 2;

  /** Trains to the end, early or not; the metrics are those of every process the run took. */
  FineTuningResult run(PolicyTraining training, int prompts) {
    RunHooks hooks =
        options
            .monitoring()
            .hooks(new ModelView.Language(training.start()), options.cancellation());
    Path path = options.runFolder();
    if (path == null) {
      RunLoop loop = loop(training, hooks, null);
      RunEnd end = loop.run();
      return result(training, loop.metrics(), prompts, end);
    }
    RunEnd end;
    try (RunFolder folder = RunFolder.open(path, describe(training, hooks), CHECKPOINTS_KEPT)) {
      training.logTo(RolloutLog.open(folder, settings.rolloutsEvery()));
      end = loop(training, hooks, folder).run();
    }
    return result(training, RunFolder.readMetrics(path), prompts, end);
  }

  private RunLoop loop(PolicyTraining training, RunHooks hooks, @Nullable RunFolder folder) {
    return new RunLoop(
        task,
        new SteppedPolicy(training),
        hooks,
        options.checkpointEvery(),
        options.execution(),
        folder);
  }

  private static FineTuningResult result(
      PolicyTraining training, List<Metrics> metrics, int prompts, RunEnd end) {
    return new FineTuningResult(
        training.model(), metrics, new EncodingReport(prompts, prompts, 0, 0, 0, List.of()), end);
  }

  private Map<String, String> describe(PolicyTraining training, RunHooks hooks) {
    Map<String, String> values = new TreeMap<>(settings.describe());
    values.putAll(new ReferenceModel(base, settings.reference()).describe());
    values.put("task", task);
    values.put("model", base.id());
    values.put("adapter", String.valueOf(options.adapter()));
    values.put("optimizer", options.optimisation().optimizer().toString());
    values.put("noise", options.optimisation().noise().toString());
    values.put("schedule", training.schedule().toString());
    values.put("max_gradient_norm", Double.toString(options.maxGradientNorm()));
    values.put("data", training.fingerprint());
    values.put("prompts", Integer.toString(options.batchSize()));
    values.put("epochs", Integer.toString(options.epochs()));
    values.put("seed", Long.toString(options.seed()));
    if (values.containsKey(PretrainingMix.TEXTS)) {
      values.put("pretraining_limits", Encoders.limits(base, options).toString());
    }
    hooks.description().ifPresent(rule -> values.put("early_stopping", rule));
    return values;
  }
}
