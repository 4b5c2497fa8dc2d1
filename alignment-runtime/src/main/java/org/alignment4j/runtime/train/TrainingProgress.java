package org.alignment4j.runtime.train;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;
import org.apiguardian.api.API;

/**
 * Turns metrics of steps into progress, at most four times a second and always for the last step.
 * The rate is that of the last 32 steps. Owned by one training run.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingProgress {
  private static final int WINDOW = 32;
  private static final long LEAST_NANOS = 250_000_000L;
  private static final double NANOS = 1e9;

  private final String task;
  private final long total;
  private final ProgressListener listener;
  private final LongSupplier nanoClock;
  private final long start;
  private final Deque<Long> times = new ArrayDeque<>();
  private long lastReport;

  /**
   * Starts the clock.
   *
   * @param task what is being done, such as {@code "dpo"}
   * @param total updates of the whole run
   * @param listener who is told
   * @param nanoClock a clock that never goes back, such as {@code System::nanoTime}
   */
  public TrainingProgress(
      String task, long total, ProgressListener listener, LongSupplier nanoClock) {
    this.task = task;
    this.total = total;
    this.listener = listener;
    this.nanoClock = nanoClock;
    this.start = nanoClock.getAsLong();
    this.lastReport = start - LEAST_NANOS;
    times.add(start);
  }

  /**
   * Reports a finished step.
   *
   * @param metrics its metrics; the step is at most the total
   */
  public void step(Metrics metrics) {
    long now = nanoClock.getAsLong();
    times.addLast(now);
    if (times.size() > WINDOW + 1) {
      times.removeFirst();
    }
    if (now - lastReport < LEAST_NANOS && metrics.step() < total) {
      return;
    }
    lastReport = now;
    listener.onProgress(
        new Progress(
            task,
            metrics.step(),
            OptionalLong.of(total),
            "steps",
            Duration.ofNanos(now - start),
            rate(now),
            metrics.values()));
  }

  private double rate(long now) {
    long elapsed = now - times.getFirst();
    return elapsed > 0 ? (times.size() - 1) * NANOS / elapsed : 0;
  }
}
