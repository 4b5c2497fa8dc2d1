package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.CancelledException;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.TrainingContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes all steps of a training, with progress, and checkpoints where there is a folder.
 *
 * @param task what progress and messages call it
 * @param base where training starts
 * @param settings what is learned
 * @param options how, and where it is kept
 */
record PolicyRunner(
    String task, DecoderModel base, PolicySettings settings, FineTuningOptions options) {

  private static final int CHECKPOINTS_KEPT = 2;

  /** Trains to the end; gives the metrics of every step, those before a resumption included. */
  List<Metrics> run(PolicyTraining training) {
    Path path = options.runFolder();
    if (path == null) {
      return run(training, null);
    }
    try (RunFolder folder = RunFolder.open(path, describe(training), CHECKPOINTS_KEPT)) {
      run(training, folder);
    }
    return RunFolder.readMetrics(path);
  }

  private List<Metrics> run(PolicyTraining training, @Nullable RunFolder folder) {
    PolicyCheckpoints saved = new PolicyCheckpoints(training, folder);
    saved.resume();
    List<Metrics> history = new ArrayList<>();
    TrainingContext context = TrainingContext.defaults().progress(options.progress());
    StepProgress progress = new StepProgress(task, training.steps(), context);
    try {
      options.metrics().started(task, training.done());
      while (training.hasNext()) {
        saved.stopIfCancelled(options.cancellation(), task);
        Metrics metrics = step(training, saved);
        history.add(metrics);
        saved.append(metrics);
        options.metrics().updated(metrics);
        if (training.done() % options.checkpointEvery() == 0 || !training.hasNext()) {
          saved.save();
        }
        progress.step(metrics);
      }
    } finally {
      options.metrics().ended();
    }
    return history;
  }

  private static Metrics step(PolicyTraining training, PolicyCheckpoints saved) {
    try {
      return training.step();
    } catch (CancelledException e) {
      throw saved.stopped(e);
    }
  }

  private Map<String, String> describe(PolicyTraining training) {
    Map<String, String> values = new TreeMap<>(settings.describe());
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
    return values;
  }
}
