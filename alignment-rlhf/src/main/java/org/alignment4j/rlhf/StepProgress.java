package org.alignment4j.rlhf;

import java.time.Duration;
import java.util.OptionalLong;
import org.alignment4j.api.Progress;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.TrainingContext;

/**
 * Turns metrics of steps into progress, at most four times a second and always for the last step.
 * The rate is that since the run began or went on. Owned by one run.
 */
final class StepProgress {

  private static final long LEAST_NANOS = 250_000_000L;
  private static final double NANOS = 1e9;

  private final String task;
  private final long total;
  private final TrainingContext context;
  private final long start;
  private long lastReport;
  private long steps;

  StepProgress(String task, long total, TrainingContext context) {
    this.task = task;
    this.total = total;
    this.context = context;
    this.start = context.nanoClock().getAsLong();
    this.lastReport = start - LEAST_NANOS;
  }

  void step(Metrics metrics) {
    steps++;
    long now = context.nanoClock().getAsLong();
    if (now - lastReport < LEAST_NANOS && metrics.step() < total) {
      return;
    }
    lastReport = now;
    context
        .progress()
        .onProgress(
            new Progress(
                task,
                metrics.step(),
                OptionalLong.of(total),
                "steps",
                Duration.ofNanos(now - start),
                now > start ? steps * NANOS / (now - start) : 0,
                metrics.values()));
  }
}
