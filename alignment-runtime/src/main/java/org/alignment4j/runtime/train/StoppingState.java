package org.alignment4j.runtime.train;

import java.util.Map;
import java.util.Optional;
import org.alignment4j.runtime.train.RunEnd.Best;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is from ending early.
 *
 * @param best the best report so far; null before the first
 * @param waited reports since that brought no improvement
 * @param stopped whether the run ends here
 */
record StoppingState(@Nullable Best best, int waited, boolean stopped) {
  private static final String METRIC = "metric";
  private static final String VALUE = "best";
  private static final String STEP = "best_step";
  private static final String WAITED = "waited";
  private static final String STOPPED = "stopped";

  static StoppingState begin() {
    return new StoppingState(null, 0, false);
  }

  /** The state after a step. */
  StoppingState after(EarlyStopping rule, Metrics metrics) {
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

  boolean improvedAt(long step) {
    return best != null && best.step() == step;
  }

  Optional<Best> found() {
    return Optional.ofNullable(best);
  }

  /** Exact: a double's text gives back the double. */
  Map<String, String> values() {
    if (best == null && waited == 0) {
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
