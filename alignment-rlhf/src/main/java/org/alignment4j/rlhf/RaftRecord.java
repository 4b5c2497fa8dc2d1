package org.alignment4j.rlhf;

import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.RunFolder;
import org.alignment4j.runtime.train.RunHooks;
import org.alignment4j.runtime.train.TrainingCheckpoint;
import org.jspecify.annotations.Nullable;

/** Which iterations of a run are complete, where it has a folder; their models lie in theirs. */
final class RaftRecord {

  private final @Nullable RunFolder folder;
  private final long done;

  RaftRecord(@Nullable RunFolder folder) {
    this.folder = folder;
    this.done = folder == null ? 0 : folder.resumed().map(TrainingCheckpoint::step).orElse(0L);
  }

  /** Iterations that were complete when the run was opened. */
  long done() {
    return done;
  }

  /** Takes note of what was measured before the first iteration. */
  void begun(Metrics start) {
    if (folder != null) {
      folder.append(start);
    }
  }

  /**
   * Takes note that an iteration is complete.
   *
   * @param heard whether early stopping has heard of its metric
   */
  void done(Metrics iteration, boolean heard) {
    if (folder != null) {
      folder.append(iteration);
      Map<String, String> values = heard ? Map.of(RunHooks.HEARD + "heard", "true") : Map.of();
      folder.save(iteration.step(), List.of(), values);
    }
  }

  /** Those of every process the run took, up to an iteration; without a folder those given. */
  List<Metrics> metrics(List<Metrics> history, long iterations) {
    return folder == null
        ? history
        : folder.metrics().stream().filter(m -> m.step() <= iterations).toList();
  }
}
