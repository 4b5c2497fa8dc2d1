package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.AwaitedMetric;
import org.alignment4j.runtime.train.EarlyStopping;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunEnd;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.StoppingState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluations, samples and early stopping of a run whose steps are iterations. How far it is from
 * ending early follows from the metrics of its iterations. Not thread-safe.
 */
final class RaftMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(RaftMonitor.class);

  private final List<LanguageCallback> callbacks;
  private final @Nullable EarlyStopping stopping;
  private final long iterations;
  private final String remedy;
  private final boolean kept;
  private final RunHooks hooks;
  private AwaitedMetric awaited;
  private StoppingState state = StoppingState.begin();

  /**
   * Creates one that has heard nothing.
   *
   * @param hooks of a language model
   * @param iterations the run has planned
   * @param remedy what to do when a callback fails
   * @param kept whether the run has a folder
   */
  RaftMonitor(RunHooks hooks, long iterations, String remedy, boolean kept) {
    this.callbacks = hooks.callbacks().stream().map(LanguageCallback.class::cast).toList();
    this.stopping = hooks.stopping().orElse(null);
    this.iterations = iterations;
    this.remedy = remedy;
    this.kept = kept;
    this.hooks = hooks;
    this.awaited = new AwaitedMetric(hooks, false);
  }

  /** Prepares to write into the run's folder. */
  void begin(RunFolder folder) {
    callbacks.forEach(callback -> callback.begin(folder));
  }

  /** Does what comes before the first iteration. */
  Metrics start(DecoderModel base) {
    Metrics none = new Metrics(0, Map.of());
    Metrics metrics = called(none, none, base, callback -> callback.due(0));
    hear(metrics);
    awaited.after(metrics).ifPresent(missing -> tell(missing, 0));
    return metrics;
  }

  /** Does what follows an iteration, and takes note of its metrics. */
  Metrics after(Metrics iteration, DecoderModel model) {
    long step = iteration.step();
    Predicate<LanguageCallback> due = callback -> callback.due(step) || step == iterations;
    Metrics metrics = called(iteration, iteration, model, due);
    hear(metrics);
    awaited.after(metrics).ifPresent(missing -> tell(missing, step));
    return stopped() && step < iterations
        ? called(iteration, metrics, model, callback -> !callback.due(step))
        : metrics;
  }

  private Metrics called(
      Metrics iteration, Metrics so, DecoderModel model, Predicate<LanguageCallback> due) {
    Map<String, Double> values = new LinkedHashMap<>(so.values());
    for (LanguageCallback callback : callbacks.stream().filter(due).toList()) {
      try {
        values.putAll(callback.after(iteration.step(), model));
        awaited.done(callback);
      } catch (CancelledException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new AlignmentException(
            "%s failed after iteration %s: %s; %s"
                .formatted(callback.description(), iteration.step(), e.getMessage(), remedy),
            e);
      }
    }
    return new Metrics(iteration.step(), values);
  }

  /** Ends a run that would wait in vain, and warns of one that may. */
  private void tell(AwaitedMetric.Missing missing, long step) {
    if (missing.certain()) {
      throw new IllegalArgumentException(
          missing.problem()
              + "; correct the name"
              + (step == 0 ? "" : " and " + (kept ? remedy : "train again")));
    }
    LOG.warn(
        "raft: {}; unless a later iteration reports it, the run goes on to its last one",
        missing.problem());
  }

  /** Whether the metric that the run waits for was ever reported. */
  boolean heard() {
    return state.heard();
  }

  /** Takes note of what an earlier process reported. */
  void resume(List<Metrics> earlier) {
    earlier.forEach(this::hear);
    awaited = new AwaitedMetric(hooks, heard());
  }

  private void hear(Metrics metrics) {
    if (stopping != null) {
      state = state.after(stopping, metrics);
    }
  }

  /** Whether the run ends here. */
  boolean stopped() {
    return state.stopped();
  }

  /** Whether the model of the best report is what the run gives. */
  boolean keepsBest() {
    return stopping != null && stopping.returned() == EarlyStopping.Returned.BEST;
  }

  /** Whether the best report so far is that of a step, whose model is to be kept. */
  boolean bestAt(long step) {
    return keepsBest() && state.improvedAt(step);
  }

  /** Where a run ended whose last step was this. */
  RunEnd end(long last) {
    Optional<RunEnd.Best> best = state.found();
    long returned = keepsBest() ? best.map(RunEnd.Best::step).orElse(last) : last;
    return new RunEnd(last, iterations, returned, best);
  }
}
