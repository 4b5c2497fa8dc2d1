package org.alignment4j.runtime.train;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Where a run ended.
 *
 * @param lastStep the last update made
 * @param steps the updates it had planned
 * @param returnedStep the update whose parameters it gives
 * @param best the best report of the metric that {@link EarlyStopping} looks at, where there is one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RunEnd(long lastStep, long steps, long returnedStep, Optional<Best> best) {

  /**
   * The best report of a metric.
   *
   * @param metric its name
   * @param step the update after which it was reported, 0 before the first
   * @param value what it was
   */
  public record Best(String metric, long step, double value) {}

  /**
   * The end of a run that made all its updates and gives what they made.
   *
   * @param steps how many
   * @return its end
   */
  public static RunEnd afterAll(long steps) {
    return new RunEnd(steps, steps, steps, Optional.empty());
  }

  /**
   * Returns whether the run ended before its last update.
   *
   * @return whether {@link EarlyStopping} ended it
   */
  public boolean stoppedEarly() {
    return lastStep < steps;
  }
}
