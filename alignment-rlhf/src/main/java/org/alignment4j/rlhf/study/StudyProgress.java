package org.alignment4j.rlhf.study;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.runtime.train.TrainingContext;

/** Counts answers, told after every call of a model. Owned by one run. */
final class StudyProgress {

  private static final double NANOS = 1e9;

  private final String task;
  private final long total;
  private final TrainingContext context;
  private final long start;
  private long done;

  StudyProgress(String task, long total, ProgressListener listener) {
    this.task = task;
    this.total = total;
    this.context = TrainingContext.defaults().progress(listener);
    this.start = context.nanoClock().getAsLong();
  }

  void add(int answers) {
    done += answers;
    long elapsed = context.nanoClock().getAsLong() - start;
    context
        .progress()
        .onProgress(
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
