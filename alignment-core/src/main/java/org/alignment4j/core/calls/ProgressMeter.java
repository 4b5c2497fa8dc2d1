package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;

/** Tells a listener how far a run is, not too often. Not thread-safe. */
final class ProgressMeter {
  private static final long INTERVAL_NANOS = 250_000_000;
  private static final double NEWEST = 0.3;

  private final String task;
  private final ProgressListener listener;
  private final OptionalLong total;
  private final long began;
  private long toldAt;
  private long toldDone;
  private double rate;

  ProgressMeter(String task, ProgressListener listener, OptionalLong total, long now) {
    this.task = task;
    this.listener = listener;
    this.total = total;
    this.began = now;
    this.toldAt = now;
  }

  void update(long now, long done, long failed, int running, boolean last) {
    long passed = now - toldAt;
    if (passed < INTERVAL_NANOS && !last) {
      return;
    }
    if (passed > 0) {
      double recent = (done - toldDone) * 1e9 / passed;
      rate = rate == 0 ? recent : (1 - NEWEST) * rate + NEWEST * recent;
    }
    toldAt = now;
    toldDone = done;
    OptionalLong atLeast =
        total.isPresent() ? OptionalLong.of(Math.max(total.getAsLong(), done)) : total;
    listener.onProgress(
        new Progress(
            task,
            done,
            atLeast,
            "calls",
            Duration.ofNanos(now - began),
            rate,
            Map.of("failed", (double) failed, "running", (double) running)));
  }
}
