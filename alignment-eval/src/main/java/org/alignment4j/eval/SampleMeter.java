package org.alignment4j.eval;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.Progress;
import org.alignment4j.eval.record.SampleRecord;

/**
 * Counts the samples of a run. Those that were finished before it count as done but not towards its
 * rate. Not thread-safe.
 */
final class SampleMeter {
  private static final double NEWEST = 0.3;

  private final String task;
  private final long total;
  private long known;
  private long run;
  private long failed;
  private double rate;
  private long toldRun;
  private Duration toldAt = Duration.ZERO;

  SampleMeter(String task, long total) {
    this.task = task;
    this.total = total;
  }

  void known() {
    known++;
  }

  void finished(SampleRecord sample) {
    run++;
    failed += sample.failed() ? 1 : 0;
  }

  long done() {
    return known + run;
  }

  /** Samples that failed in this run. */
  long failed() {
    return failed;
  }

  long total() {
    return total;
  }

  /** How far the run is, so long after it began. */
  Progress progress(Duration elapsed) {
    double seconds = elapsed.minus(toldAt).toNanos() / 1e9;
    if (seconds > 0) {
      double recent = (run - toldRun) / seconds;
      rate = rate == 0 ? recent : (1 - NEWEST) * rate + NEWEST * recent;
      toldAt = elapsed;
      toldRun = run;
    }
    return new Progress(
        task,
        done(),
        OptionalLong.of(total),
        "samples",
        elapsed,
        rate,
        Map.of("failed", (double) failed));
  }
}
