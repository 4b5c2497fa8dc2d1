package org.alignment4j.eval.gate;

import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;

/** Whether an interval can ever meet a condition. A pure function. */
final class Provable {
  private Provable() {}

  /** An interval is never without width, so that it never lies at the end of a range alone. */
  static void require(Condition.OfFigure condition, Metric metric) {
    boolean provable =
        condition instanceof Condition.AtLeast least
            ? least.bound() < metric.greatest()
            : condition instanceof Condition.AtMost most
                ? most.bound() > metric.least()
                : condition.slack(metric, best(metric)) > 0;
    if (!provable) {
      throw new IllegalArgumentException(
          "'"
              + metric.name()
              + "' "
              + condition.text(metric)
              + " can never pass: the interval of a figure has a width, and nothing lies beyond the"
              + " bound; ask for less, or decide by the figure alone (undecided = BY_VALUE)");
    }
  }

  private static double best(Metric metric) {
    if (metric.direction() instanceof Direction.Ideal ideal) {
      return ideal.value();
    }
    return metric.direction() instanceof Direction.Lower ? metric.least() : metric.greatest();
  }
}
