package org.alignment4j.runtime.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.jspecify.annotations.Nullable;

/** Saves and restores a run's state, where it has a folder. */
final class RunRecord {
  private static final String UPDATE = "loop.update.";
  private static final long NEVER = -1;

  private final @Nullable RunFolder folder;
  private final SteppedRun run;
  private long savedStep = NEVER;

  RunRecord(@Nullable RunFolder folder, SteppedRun run) {
    this.folder = folder;
    this.run = run;
  }

  /**
   * Where a run goes on.
   *
   * @param step updates made
   * @param stopping how far it is from ending early
   * @param begun whether what comes before the first update is done
   * @param pending metrics of the last update where callbacks after it have not been done
   */
  record Resumed(long step, StoppingState stopping, boolean begun, @Nullable Metrics pending) {}

  /** Restores the newest checkpoint, where there is one. */
  Resumed resume() {
    Optional<TrainingCheckpoint> checkpoint = folder == null ? Optional.empty() : folder.resumed();
    if (checkpoint.isEmpty()) {
      return new Resumed(0, StoppingState.begin(), false, null);
    }
    TrainingCheckpoint saved = checkpoint.get();
    Map<String, String> own = new LinkedHashMap<>(saved.values());
    own.keySet().removeIf(name -> name.startsWith(RunHooks.HEARD) || name.startsWith(UPDATE));
    run.resume(saved, own);
    StoppingState stopping = StoppingState.of(named(RunHooks.HEARD, saved.values()));
    if (!isPending(saved.values())) {
      savedStep = saved.step();
      return new Resumed(saved.step(), stopping, true, null);
    }
    Map<String, Double> update = new LinkedHashMap<>();
    named(UPDATE, saved.values()).forEach((name, value) -> update.put(name, Double.valueOf(value)));
    return new Resumed(saved.step(), stopping, true, new Metrics(saved.step(), update));
  }

  /** Whether a checkpoint was saved before the callbacks after its last update were done. */
  static boolean isPending(Map<String, String> values) {
    return values.keySet().stream().anyMatch(name -> name.startsWith(UPDATE));
  }

  /** Whether the metric that early stopping waits for had been reported. */
  static boolean hasHeard(Map<String, String> values) {
    return values.keySet().stream().anyMatch(name -> name.startsWith(RunHooks.HEARD));
  }

  private static Map<String, String> named(String prefix, Map<String, String> values) {
    Map<String, String> named = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            named.put(name.substring(prefix.length()), value);
          }
        });
    return named;
  }

  void append(Metrics metrics) {
    if (folder != null) {
      folder.append(metrics);
    }
  }

  /** Saves the run as it is after a step, unless it was saved so. */
  void save(long step, StoppingState stopping) {
    if (savedStep != step) {
      save(step, stopping, Map.of());
      savedStep = step;
    }
  }

  /** Saves an update whose callbacks failed. */
  private void savePending(Metrics update, StoppingState stopping) {
    Map<String, String> pending = new LinkedHashMap<>();
    update.values().forEach((name, value) -> pending.put(UPDATE + name, Double.toString(value)));
    save(update.step(), stopping, pending);
  }

  private void save(long step, StoppingState stopping, Map<String, String> pending) {
    if (folder == null) {
      return;
    }
    Map<String, String> values = new LinkedHashMap<>(run.values());
    stopping.values().forEach((name, value) -> values.put(RunHooks.HEARD + name, value));
    values.putAll(pending);
    folder.save(step, run.parts(), values);
  }

  /** Saves and throws when the run is asked to stop after {@code step} updates. */
  void stopIfCancelled(
      CancellationToken cancellation, String task, long step, StoppingState stopping) {
    try {
      cancellation.throwIfCancelled(task);
    } catch (CancelledException e) {
      throw cancelled(e, step, () -> save(step, stopping));
    }
  }

  /** Saves what was done before a step was cancelled. */
  CancelledException cancelled(CancelledException e, long step, StoppingState stopping) {
    return cancelled(e, step, () -> save(step, stopping));
  }

  /** Saves an update when a callback after it was cancelled. */
  CancelledException cancelled(CancelledException e, Metrics update, StoppingState stopping) {
    return cancelled(e, update.step(), () -> savePending(update, stopping));
  }

  private CancelledException cancelled(CancelledException e, long step, Runnable saving) {
    try {
      saving.run();
    } catch (AlignmentException unsaved) {
      e.addSuppressed(unsaved);
      return e;
    }
    return new CancelledException(e.getMessage() + " after step " + step + "; " + remains(), e);
  }

  /** Saves an update when a callback after it failed. */
  AlignmentException failed(
      RunCallback callback, RuntimeException e, Metrics update, StoppingState stopping) {
    AlignmentException failure =
        new AlignmentException(
            callback.description()
                + " failed after step "
                + update.step()
                + ": "
                + e.getMessage()
                + "; "
                + remains(),
            e);
    if (update.step() > 0) {
      try {
        savePending(update, stopping);
      } catch (AlignmentException unsaved) {
        failure.addSuppressed(unsaved);
      }
    }
    return failure;
  }

  /** What is left of the work when the run ends before its time. */
  String remains() {
    return folder == null
        ? "nothing was saved since the run has no folder"
        : "run again with the folder " + folder.path() + " to continue";
  }
}
