package org.alignment4j.runtime.train;

import java.util.Map;
import java.util.Optional;
import org.alignment4j.runtime.train.RunEnd.Best;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is from ending early: what follows from the reports of a metric by the rule of
 * {@link EarlyStopping}. Immutable.
 *
 * @param best the best report so far; null before the first that is a number
 * @param waited reports since that brought no improvement, or all where there is no best
 * @param stopped whether the run ends here
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StoppingState(@Nullable Best best, int waited, boolean stopped) {
  private static final String METRIC = "metric";
  private static final String VALUE = "best";
  private static final String STEP = "best_step";
  private static final String WAITED = "waited";
  private static final String STOPPED = "stopped";

  /**
   * Returns the state of a run that has reported nothing.
   *
   * @return the first state
   */
  public static StoppingState begin() {
    return new StoppingState(null, 0, false);
  }

  /**
   * Returns the state after a step. Steps that do not report the rule's metric change nothing.
   *
   * @param rule the same at every step
   * @param metrics of the step
   * @return the next state
   */
  public StoppingState after(EarlyStopping rule, Metrics metrics) {
    Double value = metrics.values().get(rule.metric());
    if (value == null) {
      return this;
    }
    boolean improved =
        best == null
            ? !Double.isNaN(value)
            : rule.goal().improves(value, best.value(), rule.minimumChange());
    if (improved) {
      return new StoppingState(new Best(rule.metric(), metrics.step(), value), 0, false);
    }
    return new StoppingState(best, waited + 1, waited + 1 >= rule.patience());
  }

  /**
   * Returns whether the rule's metric was ever reported.
   *
   * @return whether a report, a number or not, has been counted
   */
  public boolean heard() {
    return best != null || waited > 0;
  }

  /**
   * Returns whether the best report so far is that of a step.
   *
   * @param step its number
   * @return whether its parameters are the best
   */
  public boolean improvedAt(long step) {
    return best != null && best.step() == step;
  }

  /**
   * Returns the best report so far.
   *
   * @return empty before the first that is a number
   */
  public Optional<Best> found() {
    return Optional.ofNullable(best);
  }

  /** Exact: a double's text gives back the double. */
  Map<String, String> values() {
    if (!heard()) {
      return Map.of();
    }
    String count = Integer.toString(waited);
    String end = Boolean.toString(stopped);
    return best == null
        ? Map.of(WAITED, count, STOPPED, end)
        : Map.of(
            METRIC, best.metric(),
            VALUE, Double.toString(best.value()),
            STEP, Long.toString(best.step()),
            WAITED, count,
            STOPPED, end);
  }

  static StoppingState of(Map<String, String> values) {
    String metric = values.get(METRIC);
    Best best =
        metric == null
            ? null
            : new Best(
                metric,
                Long.parseLong(values.getOrDefault(STEP, "0")),
                Double.parseDouble(values.getOrDefault(VALUE, "NaN")));
    return new StoppingState(
        best,
        Integer.parseInt(values.getOrDefault(WAITED, "0")),
        Boolean.parseBoolean(values.getOrDefault(STOPPED, "false")));
  }
}
