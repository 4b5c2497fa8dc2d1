package org.alignment4j.rlhf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.rlhf.data.EncodingReport;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.TrainingProgress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(RaftRun.class);
  private static final String TASK = "raft";
  private static final int CHECKPOINTS_KEPT = 2;

  FineTuningResult train() {
    options.cancellation().throwIfCancelled(TASK);
    RolloutSampler sampler =
        new RolloutSampler(base, prompts, settings.rollouts(), settings.samples(), options.seed());
    settings.rewards().requireReadable(base, prompts);
    settings.rewards().memory().forget();
    Path path = options.runFolder();
    RunHooks hooks =
        options.monitoring().hooks(new ModelView.Language(base), options.cancellation());
    RaftMonitor monitor = new RaftMonitor(hooks, settings.iterations(), remedy(path), path != null);
    if (path == null) {
      return run(sampler, monitor, new RaftRecord(null));
    }
    Map<String, String> description = describe(sampler, hooks);
    try (RunFolder folder = RunFolder.open(path, description, CHECKPOINTS_KEPT)) {
      monitor.begin(folder);
      return run(sampler, monitor, new RaftRecord(folder));
    }
  }

  private FineTuningResult run(RolloutSampler sampler, RaftMonitor monitor, RaftRecord saved) {
    Opened opened = new Opened();
    RaftModels models = opened.with(new RaftModels(base));
    RolloutWarnings warnings = new RolloutWarnings(settings.rewards(), true);
    List<Metrics> history = new ArrayList<>();
    try {
      long last = iterations(sampler, monitor, saved, models, warnings, history);
      RunEnd end = monitor.end(last);
      List<Metrics> metrics = saved.metrics(history, settings.iterations());
      int count = prompts.size();
      return new FineTuningResult(
          end.returnedStep() == last ? models.takePresent() : models.takeBest(),
          metrics,
          new EncodingReport(count, count, 0, 0, 0, List.of()),
          end);
    } catch (RuntimeException | Error e) {
      opened.close(e);
      throw e;
    }
  }

  /** Makes the iterations that are left, and returns the last one. */
  private long iterations(
      RolloutSampler sampler,
      RaftMonitor monitor,
      RaftRecord saved,
      RaftModels models,
      RolloutWarnings warnings,
      List<Metrics> history) {
    long done = Math.min(saved.done(), settings.iterations());
    TrainingProgress progress =
        new TrainingProgress(
            TASK, settings.iterations(), options.progress(), options.execution().nanoClock());
    try {
      options.metrics().started(TASK, done);
      if (done == 0) {
        start(monitor, saved, history);
      } else {
        monitor.resume(saved.metrics(List.of(), done));
        LOG.info("{} goes on after iteration {} of {}", TASK, done, settings.iterations());
      }
      if (monitor.bestAt(0)) {
        models.keepBest();
      }
      // Of complete iterations that all start from the base, nothing depends on any but the last.
      boolean alone = settings.start() == IterationStart.BASE && !monitor.keepsBest();
      long i = alone ? Math.max(1, done) : 1;
      for (; i <= done || (i <= settings.iterations() && !monitor.stopped()); i++) {
        RaftIteration.Outcome outcome = iteration((int) i, models.present(), sampler, warnings);
        models.next(outcome.model());
        if (i > done) {
          Metrics all = looked(i, () -> monitor.after(outcome.metrics(), outcome.model()));
          history.add(all);
          saved.done(all, monitor.heard());
          options.metrics().updated(all);
          progress.step(all);
        }
        if (monitor.bestAt(i)) {
          models.keepBest();
        }
      }
      return i - 1;
    } finally {
      options.metrics().ended();
    }
  }

  private void start(RaftMonitor monitor, RaftRecord saved, List<Metrics> history) {
    Metrics start = looked(0, () -> monitor.start(base));
    if (!start.values().isEmpty()) {
      history.add(start);
      saved.begun(start);
      options.metrics().updated(start);
    }
  }

  private Metrics looked(long iteration, Supplier<Metrics> looking) {
    try {
      return looking.get();
    } catch (CancelledException e) {
      throw stopped(iteration, e);
    }
  }

  private CancelledException stopped(long iteration, CancelledException e) {
    String message =
        "%s was stopped in iteration %s of %s; %s"
            .formatted(TASK, iteration, settings.iterations(), remedy(options.runFolder()));
    LOG.info("{}", message);
    return new CancelledException(message, e);
  }

  private RaftIteration.Outcome iteration(
      int number, DecoderModel policy, RolloutSampler sampler, RolloutWarnings warnings) {
    Path folder = options.runFolder();
    try {
      options.cancellation().throwIfCancelled(TASK);
      return new RaftIteration(base, number, settings, options, sampler, prompts, warnings, folder)
          .run(policy);
    } catch (CancelledException e) {
      throw stopped(number, e);
    }
  }

  private static String remedy(@Nullable Path folder) {
    return folder == null
        ? "nothing was saved since the run has no folder"
        : "run again with the folder " + folder + " to continue";
  }

  /** What the iterations depend on; not how many there are, so that more may follow. */
  private Map<String, String> describe(RolloutSampler sampler, RunHooks hooks) {
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
    hooks.description().ifPresent(rule -> values.put("early_stopping", rule));
    return values;
  }
}
