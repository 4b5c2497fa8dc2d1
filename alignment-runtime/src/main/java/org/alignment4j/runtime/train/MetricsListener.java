package org.alignment4j.runtime.train;

import org.apiguardian.api.API;

/**
 * Hears the metrics of a run as they are made, in the thread that trains. It does not change the
 * run's result; what it throws ends the run.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface MetricsListener {

  /**
   * Called once before the first update of this process.
   *
   * @param task what the run does, such as {@code "dpo"}
   * @param step updates that earlier processes made and this one continues; metrics of later steps
   *     that they reported are void
   */
  default void started(String task, long step) {}

  /**
   * Called after each update.
   *
   * @param metrics what was measured
   */
  void updated(Metrics metrics);

  /** Called once when the run ends, whether it is done or failed. */
  default void ended() {}

  /**
   * Returns a listener that does nothing.
   *
   * @return nobody
   */
  static MetricsListener none() {
    return metrics -> {};
  }

  /**
   * Returns a listener that tells others, in their order.
   *
   * @param listeners who is told
   * @return all of them
   */
  static MetricsListener all(MetricsListener... listeners) {
    return new MetricsListeners(java.util.List.of(listeners));
  }
}
