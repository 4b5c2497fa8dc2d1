package org.alignment4j.runtime.train;

import java.util.List;
import java.util.Optional;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.jspecify.annotations.Nullable;

/** Saves and restores a run's state, where it has a folder. */
final class RunRecord {
  private static final String PARAMETERS = "parameters.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final long NEVER = -1;

  private final @Nullable RunFolder folder;
  private final FlatParameters parameters;
  private final Optimizer optimizer;
  private final UpdateSource source;
  private long savedStep = NEVER;

  RunRecord(
      @Nullable RunFolder folder,
      FlatParameters parameters,
      Optimizer optimizer,
      UpdateSource source) {
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
    optimizer.resumeAt(saved.step());
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
      List<CheckpointPart> parts =
          List.of(
              CheckpointPart.tensors(PARAMETERS, StateTensor.of("parameters", parameters)),
              CheckpointPart.tensors(OPTIMIZER, optimizer.state()));
      folder.save(step, parts, source.state());
      savedStep = step;
    }
  }

  /** Saves and throws when the run is asked to stop after {@code step} updates. */
  void stopIfCancelled(CancellationToken cancellation, String task, long step) {
    try {
      cancellation.throwIfCancelled(task);
    } catch (CancelledException e) {
      try {
        save(step);
      } catch (AlignmentException unsaved) {
        e.addSuppressed(unsaved);
        throw e;
      }
      throw new CancelledException(
          e.getMessage()
              + " after step "
              + step
              + (folder == null
                  ? "; nothing was saved since the run has no folder"
                  : "; run again with the folder " + folder.path() + " to continue"),
          e);
    }
  }
}
