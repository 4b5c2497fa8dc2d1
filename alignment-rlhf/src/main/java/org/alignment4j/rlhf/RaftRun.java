package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingProgress;
import org.jspecify.annotations.Nullable;

/**
 * The iterations of a {@link RaftTrainer}. An iteration that is complete is made again from its
 * folder where the run goes on, which costs the reading of its last checkpoint: models lie nowhere
 * else.
 *
 * @param base where training starts
 * @param settings how iterations go
 * @param options of the supervised training, and the folder of the run
 * @param prompts at least one
 */
record RaftRun(
    DecoderModel base, RaftSettings settings, FineTuningOptions options, List<Prompt> prompts) {

  private static final String TASK = "raft";
  private static final int CHECKPOINTS_KEPT = 2;

  FineTuningResult train() {
    options.cancellation().throwIfCancelled(TASK);
    RolloutSampler sampler =
        new RolloutSampler(base, prompts, settings.rollouts(), settings.samples(), options.seed());
    settings.rewards().requireReadable(base, prompts);
    Path path = options.runFolder();
    if (path == null) {
      return run(sampler, new RaftRecord(null));
    }
    try (RunFolder folder = RunFolder.open(path, describe(sampler), CHECKPOINTS_KEPT)) {
      return run(sampler, new RaftRecord(folder));
    }
  }

  private FineTuningResult run(RolloutSampler sampler, RaftRecord saved) {
    long done = Math.min(saved.done(), settings.iterations());
    TrainingContext context = TrainingContext.defaults();
    TrainingProgress progress =
        new TrainingProgress(TASK, settings.iterations(), options.progress(), context.nanoClock());
    List<Metrics> history = new ArrayList<>();
    DecoderModel policy = base;
    try {
      options.metrics().started(TASK, done);
      // Of complete iterations that all start from the base, nothing depends on any but the last.
      long first = settings.start() == IterationStart.BASE ? Math.max(1, done) : 1;
      for (int i = (int) first; i <= settings.iterations(); i++) {
        RaftIteration.Outcome outcome = iteration(i, policy, sampler);
        release(policy);
        policy = outcome.model();
        history.add(outcome.metrics());
        if (i > done) {
          saved.done(outcome.metrics());
          options.metrics().updated(outcome.metrics());
          progress.step(outcome.metrics());
        }
      }
    } catch (RuntimeException e) {
      release(policy);
      throw e;
    } finally {
      options.metrics().ended();
    }
    int count = prompts.size();
    return new FineTuningResult(
        policy,
        saved.metrics(history, settings.iterations()),
        new EncodingReport(count, count, 0, 0, 0, List.of()));
  }

  private RaftIteration.Outcome iteration(int number, DecoderModel policy, RolloutSampler sampler) {
    Path folder = options.runFolder();
    try {
      options.cancellation().throwIfCancelled(TASK);
      return new RaftIteration(base, number, settings, options, sampler, prompts, folder)
          .run(policy);
    } catch (CancelledException e) {
      throw new CancelledException(
          "%s was stopped in iteration %s of %s; %s"
              .formatted(TASK, number, settings.iterations(), remedy(folder)),
          e);
    }
  }

  private static String remedy(@Nullable Path folder) {
    return folder == null
        ? "nothing was saved since the run has no folder"
        : "run again with the folder " + folder + " to continue";
  }

  private void release(DecoderModel policy) {
    if (policy != base) {
      policy.close();
    }
  }

  /** What the iterations depend on; not how many there are, so that more may follow. */
  private Map<String, String> describe(RolloutSampler sampler) {
    Optimisation optimisation = options.optimisation();
    Map<String, String> values = new TreeMap<>();
    values.put("task", TASK);
    values.put("model", base.id());
    values.put("sampling", sampler.describe());
    values.put("prompts_per_iteration", Integer.toString(settings.prompts()));
    values.put("rewards", settings.rewards().describe());
    values.put("selection", settings.selection().toString());
    values.put("truncated", settings.truncated().toString());
    values.put("start", settings.start().toString());
    values.put("data", ContentHash.of(sampler.tokens().toString()).toString());
    values.put("adapter", String.valueOf(options.adapter()));
    values.put("optimizer", optimisation.optimizer().toString());
    values.put("noise", optimisation.noise().toString());
    values.put("schedule", String.valueOf(optimisation.schedule()));
    values.put("learning_rate", Double.toString(options.learningRate()));
    values.put("warm_up_share", Double.toString(options.warmUpShare()));
    values.put("max_gradient_norm", Double.toString(options.maxGradientNorm()));
    values.put("batch_size", Integer.toString(options.batchSize()));
    values.put("epochs", Integer.toString(options.epochs()));
    return values;
  }
}
