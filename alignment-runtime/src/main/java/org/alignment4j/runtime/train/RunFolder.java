package org.alignment4j.runtime.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.files.FileOwner;
import org.apiguardian.api.API;

/**
 * Everything one training run writes: {@code run.json} (configuration), {@code metrics.jsonl} (a
 * line per step), other logs of its callbacks and {@code checkpoint-STEP} folders. Opening an
 * existing folder resumes the run: a process may be killed at any moment, and metrics go back to
 * the checkpoint that is continued, so that no step appears twice. One process at a time owns a
 * folder; not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RunFolder implements AutoCloseable {
  private static final String METRICS = "metrics.jsonl";

  private final Path path;
  private final FileOwner owner;
  private final CheckpointStore checkpoints;
  private final Optional<TrainingCheckpoint> resumed;
  private final MetricsLog metrics;
  private final List<StepLog> logs = new ArrayList<>();
  private final CheckpointDisk disk;

  private RunFolder(
      Path path,
      FileOwner owner,
      CheckpointStore checkpoints,
      Optional<TrainingCheckpoint> resumed,
      MetricsLog metrics,
      CheckpointDisk disk) {
    this.path = path;
    this.owner = owner;
    this.checkpoints = checkpoints;
    this.resumed = resumed;
    this.metrics = metrics;
    this.disk = disk;
  }

  /**
   * Creates a run folder, or opens one to resume its run.
   *
   * @param path the folder; created when absent
   * @param configuration everything the result depends on, by name; compared when resuming. A rule
   *     of early stopping, {@code early_stopping}, may be another where the one before never heard
   *     of its metric
   * @param keep how many of the newest checkpoints to keep, at least 1
   * @return the folder, locked until it is closed
   * @throws RunFolderException when another process owns it, it belongs to a run of another
   *     configuration, it is damaged, a newer version wrote it, or the disk fails
   */
  public static RunFolder open(Path path, Map<String, String> configuration, int keep) {
    return open(path, configuration, keep, new CheckpointDisk());
  }

  static RunFolder open(
      Path path, Map<String, String> configuration, int keep, CheckpointDisk disk) {
    CheckpointStore checkpoints = new CheckpointStore(path, keep, disk);
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new RunFolderException(
          "could not create the run folder "
              + path
              + ": "
              + AtomicFiles.reason(e)
              + "; give a folder, or a name for one, that can be written to",
          e);
    }
    FileOwner owner = FileOwner.ofFolder(path, "run.lock");
    try {
      new RunConfiguration(configuration)
          .writeOrCheck(path.resolve("run.json"), () -> unheard(checkpoints));
      checkpoints.recover();
      Optional<TrainingCheckpoint> resumed = checkpoints.latest();
      MetricsLog metrics = MetricsLog.open(path.resolve(METRICS), completed(resumed));
      return new RunFolder(path, owner, checkpoints, resumed, metrics, disk);
    } catch (RuntimeException | Error e) {
      owner.close();
      throw e;
    }
  }

  /** Whether the newest checkpoint, where there is one, knows nothing that early stopping heard. */
  private static boolean unheard(CheckpointStore checkpoints) {
    checkpoints.recover();
    return checkpoints.latest().filter(saved -> RunRecord.hasHeard(saved.values())).isEmpty();
  }

  /**
   * Returns where the run lies.
   *
   * @return the folder
   */
  public Path path() {
    return path;
  }

  /**
   * Returns the checkpoint to continue from, as found when the folder was opened.
   *
   * @return the newest whole checkpoint, or empty when the run begins
   */
  public Optional<TrainingCheckpoint> resumed() {
    return resumed;
  }

  /**
   * Appends the metrics of a step.
   *
   * @param step its metrics
   * @throws IllegalArgumentException when the step is not above the last one appended
   * @throws org.alignment4j.api.AlignmentException when the disk fails
   */
  public void append(Metrics step) {
    metrics.append(step);
  }

  /**
   * Reads all metrics of the run.
   *
   * @return one entry per step, in order
   * @throws RunFolderException when the file is damaged
   */
  public List<Metrics> metrics() {
    return metrics.read();
  }

  /**
   * Reads all metrics of a run that need not be opened for it: those of every process it took.
   *
   * @param folder where the run lies
   * @return one entry per step, in order; a last line that is still being written is left out
   * @throws RunFolderException when the file is missing or damaged, or a newer version wrote it
   */
  public static List<Metrics> readMetrics(Path folder) {
    return MetricsLog.read(folder.resolve(METRICS));
  }

  /** The last step whose metrics and logs stay; below 0 where the run begins. */
  private static long completed(Optional<TrainingCheckpoint> resumed) {
    return resumed
        .map(saved -> RunRecord.isPending(saved.values()) ? saved.step() - 1 : saved.step())
        .orElse(-1L);
  }

  /**
   * Opens another log of the run beside the metrics. Lines of steps after the checkpoint that is
   * continued are removed, so that none appears twice.
   *
   * @param fileName its name in the folder
   * @param format name in its first line
   * @param version number in its first line
   * @return the log, closed with the folder
   * @throws RunFolderException when it is damaged, of another format, or the disk fails
   */
  public StepLog log(String fileName, String format, int version) {
    StepLog log = StepLog.open(path.resolve(fileName), format, version, completed(resumed));
    logs.add(log);
    return log;
  }

  /** Keeps one checkpoint whatever its age, in place of the one kept so before. */
  void protect(long step) {
    checkpoints.protect(step);
  }

  /** A checkpoint that there is, verified. */
  TrainingCheckpoint checkpoint(long step) {
    return checkpoints.at(step);
  }

  /**
   * Saves a checkpoint, whole or not at all, then removes those beyond the number to keep. Metrics
   * appended before are on the disk first.
   *
   * @param step updates made, not negative
   * @param parts its files, with different names
   * @param values small values to keep beside them
   * @throws RunFolderException when the disk fails; earlier checkpoints are untouched
   */
  public void save(long step, List<CheckpointPart> parts, Map<String, String> values) {
    forceMetrics();
    logs.forEach(StepLog::force);
    checkpoints.save(step, parts, values);
  }

  private void forceMetrics() {
    try {
      disk.forceFile(path.resolve(METRICS));
    } catch (IOException e) {
      throw new RunFolderException(
          "could not force "
              + path.resolve(METRICS)
              + ": "
              + e.getMessage()
              + "; earlier checkpoints remain; free disk space and run again",
          e);
    }
  }

  /** Closes the metrics and releases the folder; further closes do nothing. */
  @Override
  public void close() {
    try (owner) {
      logs.forEach(StepLog::close);
      metrics.close();
    }
  }
}
