package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.alignment4j.api.CancelledException;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a run with what happens between them: metrics, progress, callbacks, checkpoints and
 * the end. With a folder, a run that was killed, cancelled or stopped by a failure continues from
 * its newest checkpoint and ends in the same bits as one that was not, early or at its last step.
 * Used once, by one thread.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RunLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RunLoop.class);

  /** How many names are proposed for a metric that there is not. */
  private static final int NEAREST = 3;

  private final String task;
  private final SteppedRun run;
  private final Supplier<PresentModel> model;
  private final RunHooks hooks;
  private final long checkpointEvery;
  private final TrainingContext context;
  private final @Nullable RunFolder folder;
  private final RunRecord saved;
  private final List<Metrics> history = new ArrayList<>();
  private StoppingState stopping = StoppingState.begin();
  private AwaitedMetric awaited;
  private @Nullable BestParameters best;

  /**
   * Creates a loop of a run that trains a language model.
   *
   * @param task what the run does, for progress and messages
   * @param run makes the steps
   * @param hooks what happens between them
   * @param checkpointEvery steps between two checkpoints, at least 1; the last is always saved
   * @param context who is told, and what asks to stop
   * @param folder where the run is kept, owned by the caller; null keeps nothing
   */
  public RunLoop(
      String task,
      ModelRun run,
      RunHooks hooks,
      long checkpointEvery,
      TrainingContext context,
      @Nullable RunFolder folder) {
    this(task, run, run::model, hooks, checkpointEvery, context, folder);
  }

  /**
   * Creates a loop of a run that trains something else, at which no callback looks.
   *
   * @param task what the run does, for progress and messages
   * @param run makes the steps
   * @param stopping when the run ends early
   * @param checkpointEvery steps between two checkpoints, at least 1; the last is always saved
   * @param context who is told, and what asks to stop
   * @param folder where the run is kept, owned by the caller; null keeps nothing
   */
  public RunLoop(
      String task,
      SteppedRun run,
      Optional<EarlyStopping> stopping,
      long checkpointEvery,
      TrainingContext context,
      @Nullable RunFolder folder) {
    this(
        task,
        run,
        () -> {
          throw new IllegalStateException(task + " has no language model");
        },
        new RunHooks(List.of(), stopping),
        checkpointEvery,
        context,
        folder);
  }

  private RunLoop(
      String task,
      SteppedRun run,
      Supplier<PresentModel> model,
      RunHooks hooks,
      long checkpointEvery,
      TrainingContext context,
      @Nullable RunFolder folder) {
    this.task = task;
    this.run = run;
    this.model = model;
    this.hooks = hooks;
    this.checkpointEvery = checkpointEvery;
    this.context = context;
    this.folder = folder;
    this.saved = new RunRecord(folder, run);
    this.awaited = new AwaitedMetric(hooks, false);
  }

  /**
   * Makes the steps that are left; then the run has the parameters that it gives.
   *
   * @return where it ended
   * @throws IllegalArgumentException when the run waits for a metric of an evaluation that did not
   *     report it, with a folder after a checkpoint from which it goes on once the name is
   *     corrected; for metrics of steps that is a warning
   * @throws org.alignment4j.api.CancelledException when cancelled, after a checkpoint
   * @throws org.alignment4j.api.AlignmentException when a callback fails, named with the step; the
   *     step is saved, and the callback is done first when the run continues
   */
  public RunEnd run() {
    RunRecord.Resumed resumed = saved.resume();
    stopping = heard(resumed);
    awaited = new AwaitedMetric(hooks, !stopping.equals(StoppingState.begin()));
    stopping.found().ifPresent(b -> protect(b.step()));
    long done = resumed.step();
    TrainingProgress progress =
        new TrainingProgress(task, run.steps(), context.progress(), context.nanoClock());
    if (folder != null) {
      hooks.callbacks().forEach(callback -> callback.begin(folder));
      if (resumed.begun() && done < run.steps() && !stopping.stopped()) {
        LOG.info("{} goes on after step {} of {} in {}", task, done, run.steps(), folder.path());
      }
    }
    try {
      context.metrics().started(task, done);
      if (!resumed.begun() && hooks.callbacks().stream().anyMatch(c -> c.due(0))) {
        complete(new Metrics(0, Map.of()));
      }
      if (resumed.pending() != null) {
        complete(resumed.pending());
      }
      while (done < run.steps() && !stopping.stopped()) {
        saved.stopIfCancelled(context.cancellation(), task, done, stopping);
        Metrics update = step(done + 1);
        done++;
        progress.step(complete(update));
      }
    } catch (CancelledException e) {
      LOG.info("{}", e.getMessage());
      throw e;
    } finally {
      context.metrics().ended();
    }
    return end(done);
  }

  /**
   * The state of early stopping in a resumed run. One that had heard nothing may have another rule
   * now, which hears of the last step, whose parameters are the ones there are.
   */
  private StoppingState heard(RunRecord.Resumed resumed) {
    StoppingState before = resumed.stopping();
    if (folder == null
        || hooks.stopping().isEmpty()
        || !before.equals(StoppingState.begin())
        || resumed.pending() != null) {
      return before;
    }
    return folder.metrics().stream()
        .filter(m -> m.step() == resumed.step())
        .findFirst()
        .map(m -> before.after(hooks.stopping().get(), m))
        .orElse(before);
  }

  /**
   * Returns the metrics of the steps that this process made.
   *
   * @return in order
   */
  public List<Metrics> metrics() {
    return List.copyOf(history);
  }

  private Metrics step(long number) {
    try {
      return run.step(number);
    } catch (CancelledException e) {
      throw saved.cancelled(e, number - 1, stopping);
    }
  }

  /** Does what follows a step and records it. */
  private Metrics complete(Metrics update) {
    long step = update.step();
    Metrics metrics = called(update, update, callback -> callback.due(step) || step == run.steps());
    StoppingState next =
        hooks.stopping().map(rule -> stopping.after(rule, metrics)).orElse(stopping);
    boolean early = next.stopped() && step < run.steps();
    Metrics all = early ? called(update, metrics, callback -> !callback.due(step)) : metrics;
    stopping = next;
    if (step > 0 || !all.values().isEmpty()) {
      history.add(all);
      saved.append(all);
      context.metrics().updated(all);
    }
    boolean better = stopping.improvedAt(step) && keepsBest();
    if (better) {
      protect(step);
      best = folder == null ? BestParameters.copyOf(run.parameters()) : null;
    }
    if ((step > 0 && step % checkpointEvery == 0) || step == run.steps() || early || better) {
      saved.save(step, stopping);
    }
    awaited.after(all).ifPresent(missing -> tell(missing, step));
    return all;
  }

  /** Ends a run that would wait in vain, and warns of one that may. */
  private void tell(AwaitedMetric.Missing missing, long step) {
    if (missing.certain()) {
      saved.save(step, stopping);
      throw new IllegalArgumentException(
          missing.problem()
              + "; correct the name"
              + (step == 0 ? "" : " and " + (folder == null ? "train again" : saved.remains())));
    }
    LOG.warn(
        "{}: {}; unless a later step reports it, the run goes on to its last one",
        task,
        missing.problem());
  }

  private Metrics called(Metrics update, Metrics so, Predicate<RunCallback> due) {
    Map<String, Double> values = new LinkedHashMap<>(so.values());
    for (RunCallback callback : hooks.callbacks()) {
      if (due.test(callback)) {
        try {
          values.putAll(callback.after(update.step(), model.get()));
          awaited.done(callback);
        } catch (CancelledException e) {
          throw update.step() == 0 ? e : saved.cancelled(e, update, stopping);
        } catch (RuntimeException e) {
          throw saved.failed(callback, e, update, stopping);
        }
      }
    }
    return new Metrics(update.step(), values);
  }

  private boolean keepsBest() {
    return hooks
        .stopping()
        .filter(rule -> rule.returned() == EarlyStopping.Returned.BEST)
        .isPresent();
  }

  private void protect(long step) {
    if (folder != null && keepsBest()) {
      folder.protect(step);
    }
  }

  /** Names of reported metrics that a name may have been meant for. */
  private List<String> nearest(String metric) {
    List<String> names =
        history.stream().flatMap(m -> m.values().keySet().stream()).distinct().toList();
    return NearestNames.of(metric, names).stream().limit(NEAREST).toList();
  }

  private RunEnd end(long done) {
    if (hooks.stopping().isPresent() && stopping.best() == null) {
      LOG.warn(
          "{} was to end early by {}, which no step reported as a number; correct the name, nearest"
              + " are {}",
          task,
          hooks.stopping().get().metric(),
          nearest(hooks.stopping().get().metric()));
    }
    long returned = done;
    if (keepsBest() && stopping.best() != null && stopping.best().step() != done) {
      returned = stopping.best().step();
      if (folder != null) {
        run.restore(folder.checkpoint(returned));
      } else if (best != null) {
        best.restore(run.parameters());
      }
    }
    return new RunEnd(done, run.steps(), returned, stopping.found());
  }
}
