package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.runtime.train.CheckpointPart;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.jspecify.annotations.Nullable;

/** Saves and restores the state of a {@link PolicyRun}, where it has a folder. */
final class PolicyRunRecord {

  private static final String PARAMETERS = "parameters.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";

  /** Fewer than the steps where some had nothing to learn from. */
  private static final String UPDATES = "updates";

  private static final long NEVER = -1;

  private final @Nullable RunFolder folder;
  private final FlatParameters parameters;
  private final Optimizer optimizer;
  private final PolicySource source;
  private long savedStep = NEVER;

  PolicyRunRecord(
      @Nullable RunFolder folder,
      FlatParameters parameters,
      Optimizer optimizer,
      PolicySource source) {
    this.folder = folder;
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.source = source;
  }

  /** Restores the newest checkpoint and returns its step, or 0 where there is none. */
  long resume() {
    Optional<TrainingCheckpoint> checkpoint = folder == null ? Optional.empty() : folder.resumed();
    if (checkpoint.isEmpty()) {
      return 0;
    }
    TrainingCheckpoint saved = checkpoint.get();
    saved.read(PARAMETERS, StateTensor.of("parameters", parameters));
    saved.read(OPTIMIZER, optimizer.state());
    optimizer.resumeAt(
        Long.parseLong(saved.values().getOrDefault(UPDATES, Long.toString(saved.step()))));
    source.resume(saved.values());
    savedStep = saved.step();
    return saved.step();
  }

  void append(Metrics metrics) {
    if (folder != null) {
      folder.append(metrics);
    }
  }

  void save(long step) {
    if (folder != null && savedStep != step) {
      Map<String, String> values = new LinkedHashMap<>(source.state());
      values.put(UPDATES, Long.toString(optimizer.steps()));
      folder.save(
          step,
          List.of(
              CheckpointPart.tensors(PARAMETERS, StateTensor.of("parameters", parameters)),
              CheckpointPart.tensors(OPTIMIZER, optimizer.state())),
          values);
      savedStep = step;
    }
  }

  /** Saves and throws when the run is asked to stop after {@code step} updates. */
  void stopIfCancelled(CancellationToken cancellation, String task, long step) {
    try {
      cancellation.throwIfCancelled(task);
    } catch (CancelledException e) {
      throw stopped(e, step);
    }
  }

  /** Saves what was done in {@code step} steps, before a cancelled one. */
  CancelledException stopped(CancelledException e, long step) {
    try {
      save(step);
    } catch (AlignmentException unsaved) {
      e.addSuppressed(unsaved);
      return e;
    }
    return new CancelledException(
        "%s after step %s; %s"
            .formatted(
                e.getMessage(),
                step,
                folder == null
                    ? "nothing was saved since the run has no folder"
                    : "run again with the folder " + folder.path() + " to continue"),
        e);
  }
}
