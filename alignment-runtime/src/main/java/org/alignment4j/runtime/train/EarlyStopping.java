package org.alignment4j.runtime.train;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * When a run ends before its last update: once a metric has not improved for a while. It is looked
 * at wherever it is reported, such as after every evaluation; steps without it do not count. A
 * value that is not a number is no improvement. A metric of an evaluation, {@code
 * eval/NAME/METRIC}, must be reported whenever that evaluation is made: a run in a folder fails
 * after the first time it is not, naming the metrics that there are, and goes on once the name is
 * corrected; any other metric that the first update does not report is warned of. Immutable.
 *
 * @param metric its name, such as {@code eval/held-out/loss}
 * @param goal which way it improves
 * @param patience how many reports in a row may bring no improvement; at this many the run ends, at
 *     least 1
 * @param minimumChange by more than how much it must improve to count, not negative and finite
 * @param returned which parameters the run gives
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EarlyStopping(
    String metric, Goal goal, int patience, double minimumChange, Returned returned) {

  /** Which way a metric improves. */
  public enum Goal {
    /** Down, as a loss. */
    MINIMISE,
    /** Up, as an accuracy. */
    MAXIMISE;

    boolean improves(double value, double best, double minimumChange) {
      return this == MINIMISE ? best - value > minimumChange : value - best > minimumChange;
    }
  }

  /** Which parameters a run gives. */
  public enum Returned {
    /** Those of the last update. */
    LAST,
    /**
     * Those of the best report of the metric, whether the run ended early or not. With a folder
     * they are kept as a checkpoint, which every improvement writes, else in memory.
     */
    BEST
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public EarlyStopping {
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(goal, "goal");
    Objects.requireNonNull(returned, "returned");
    if (patience < 1) {
      throw new IllegalArgumentException("patience must be at least 1 but was " + patience);
    }
    if (!(minimumChange >= 0) || Double.isInfinite(minimumChange)) {
      throw new IllegalArgumentException(
          "minimumChange must be finite and not negative but was " + minimumChange);
    }
  }

  /**
   * Ends when a metric stops falling, and gives the best parameters.
   *
   * @param metric its name
   * @param patience reports in a row without improvement at which the run ends, at least 1
   * @return the rule
   * @throws IllegalArgumentException when the patience is below 1
   */
  public static EarlyStopping minimise(String metric, int patience) {
    return new EarlyStopping(metric, Goal.MINIMISE, patience, 0, Returned.BEST);
  }

  /**
   * Ends when a metric stops rising, and gives the best parameters.
   *
   * @param metric its name
   * @param patience reports in a row without improvement at which the run ends, at least 1
   * @return the rule
   * @throws IllegalArgumentException when the patience is below 1
   */
  public static EarlyStopping maximise(String metric, int patience) {
    return new EarlyStopping(metric, Goal.MAXIMISE, patience, 0, Returned.BEST);
  }

  /**
   * Returns this rule with another least change.
   *
   * @param change by more than how much the metric must improve to count
   * @return a new rule
   * @throws IllegalArgumentException when it is negative or not finite
   */
  public EarlyStopping minimumChange(double change) {
    return new EarlyStopping(metric, goal, patience, change, returned);
  }

  /**
   * Returns this rule with other parameters that the run gives.
   *
   * @param which those of the last update or the best
   * @return a new rule
   */
  public EarlyStopping returning(Returned which) {
    return new EarlyStopping(metric, goal, patience, minimumChange, which);
  }
}
