package org.alignment4j.rlhf.study;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;

/** Counts answers, told after every call of a model. Owned by one run. */
final class StudyProgress {

  private static final double NANOS = 1e9;

  private final String task;
  private final long total;
  private final ProgressListener listener;
  private final LongSupplier nanoClock;
  private final long start;
  private long done;

  StudyProgress(String task, long total, ProgressListener listener, LongSupplier nanoClock) {
    this.task = task;
    this.total = total;
    this.listener = listener;
    this.nanoClock = nanoClock;
    this.start = nanoClock.getAsLong();
  }

  void add(int answers) {
    done += answers;
    long elapsed = nanoClock.getAsLong() - start;
    listener.onProgress(
        new Progress(
            task,
            done,
            OptionalLong.of(total),
            "answers",
            Duration.ofNanos(elapsed),
            elapsed > 0 ? done * NANOS / elapsed : 0,
            Map.of()));
  }
}
