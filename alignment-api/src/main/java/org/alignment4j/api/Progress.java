package org.alignment4j.api;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * How far long work has come.
 *
 * @param task what is being done, such as {@code "dpo"} or {@code "truthfulqa"}
 * @param done units finished
 * @param total units in all; empty when unknown
 * @param unit what is counted, in the plural: {@code "steps"}, {@code "samples"}, {@code "tokens"}
 * @param elapsed time since the work began (since it was resumed, for resumed work)
 * @param rate units per second over the recent past; 0 until it is known
 * @param metrics latest values by name, such as {@code loss}; in the order to show them
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Progress(
    String task,
    long done,
    OptionalLong total,
    String unit,
    Duration elapsed,
    double rate,
    Map<String, Double> metrics) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a count or the rate is negative, the rate is not finite,
   *     or more is done than there is
   */
  public Progress {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(elapsed, "elapsed");
    metrics = ImmutableMap.copyOf(metrics);
    if (done < 0) {
      throw new IllegalArgumentException("done must not be negative but was " + done);
    }
    if (total.isPresent() && total.getAsLong() < done) {
      throw new IllegalArgumentException(
          "total must be at least done (" + done + ") but was " + total.getAsLong());
    }
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("rate must be finite and not negative but was " + rate);
    }
  }

  /**
   * Returns the time left at the present rate.
   *
   * @return the time left; empty while the total or the rate is unknown
   */
  public Optional<Duration> remaining() {
    if (total.isEmpty() || rate == 0) {
      return Optional.empty();
    }
    double seconds = (total.getAsLong() - done) / rate;
    return Optional.of(Duration.ofMillis((long) Math.min(seconds * 1000, 1e15)));
  }

  /**
   * Returns the part that is done.
   *
   * @return a number from 0 to 1; 0 while the total is unknown, 1 when the total is 0
   */
  public double fraction() {
    if (total.isEmpty()) {
      return 0;
    }
    return total.getAsLong() == 0 ? 1 : (double) done / total.getAsLong();
  }
}
