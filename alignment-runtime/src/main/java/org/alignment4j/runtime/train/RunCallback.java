package org.alignment4j.runtime.train;

import java.util.Map;
import org.apiguardian.api.API;

/**
 * Something done between the updates of a run with the model as it is, such as an evaluation. It
 * changes neither the model nor the updates. Called in the thread that trains, after the updates
 * that {@link #due} names and after the last one, however early that is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RunCallback {

  /**
   * Returns what messages call it, with what decides its numbers.
   *
   * @return such as {@code evaluation 'held-out' every 50 updates}
   */
  String description();

  /**
   * Returns whether it is to be done.
   *
   * @param step updates made; 0 before the first
   * @return whether it is done after this many
   */
  boolean due(long step);

  /**
   * Returns whether a metric may be one of those that this reports. Early stopping on a metric of
   * an evaluation that none of a run's callbacks may report is refused before the run begins.
   *
   * @param metric its name, such as {@code eval/held-out/loss}
   * @return unless a callback knows better, whether it is named as those of evaluations are
   */
  default boolean reports(String metric) {
    return metric.startsWith(RunHooks.EVALUATION);
  }

  /**
   * Prepares to write into the run's folder. Called once before {@link #after} where there is one.
   *
   * @param folder the run's
   */
  default void begin(RunFolder folder) {}

  /**
   * Does it. After a failure or a kill it is done again for the same step in a later process.
   *
   * @param step updates made
   * @param model the model after them
   * @return metrics that join those of the step
   */
  Map<String, Double> after(long step, PresentModel model);
}
