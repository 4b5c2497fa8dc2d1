package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.runtime.train.CheckpointPart;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.jspecify.annotations.Nullable;

/** Saves and restores a {@link PolicyTraining}, where it has a folder. */
final class PolicyCheckpoints {

  private static final long NEVER = -1;

  private final PolicyTraining training;
  private final @Nullable RunFolder folder;
  private long saved = NEVER;

  PolicyCheckpoints(PolicyTraining training, @Nullable RunFolder folder) {
    this.training = training;
    this.folder = folder;
  }

  /** Goes on from the newest checkpoint, where there is one. */
  void resume() {
    Optional<TrainingCheckpoint> found = folder == null ? Optional.empty() : folder.resumed();
    if (found.isEmpty()) {
      return;
    }
    TrainingCheckpoint checkpoint = found.get();
    training.networks().forEach(network -> network.restore(checkpoint));
    training.resumeAt(checkpoint.step(), training.state().restored(checkpoint.values()));
    saved = checkpoint.step();
  }

  void append(Metrics metrics) {
    if (folder != null) {
      folder.append(metrics);
    }
  }

  /** Saves the training as it is, unless it was saved so. */
  void save() {
    if (folder == null || saved == training.done()) {
      return;
    }
    Map<String, String> values = new LinkedHashMap<>(training.state().values());
    List<CheckpointPart> parts = new ArrayList<>();
    for (Network network : training.networks()) {
      values.put(network.updatesKey(), Long.toString(network.updates()));
      parts.addAll(network.parts());
    }
    folder.save(training.done(), parts, values);
    saved = training.done();
  }

  /** Saves and throws when the run is asked to stop. */
  void stopIfCancelled(CancellationToken cancellation, String task) {
    try {
      cancellation.throwIfCancelled(task);
    } catch (CancelledException e) {
      throw stopped(e);
    }
  }

  /** Saves what was done before a cancelled step. */
  CancelledException stopped(CancelledException e) {
    try {
      save();
    } catch (AlignmentException unsaved) {
      e.addSuppressed(unsaved);
      return e;
    }
    return new CancelledException(
        "%s after step %s; %s"
            .formatted(
                e.getMessage(),
                training.done(),
                folder == null
                    ? "nothing was saved since the run has no folder"
                    : "run again with the folder " + folder.path() + " to continue"),
        e);
  }
}
