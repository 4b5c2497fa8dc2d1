package org.alignment4j.eval.gate;

import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;

/** How a condition on one figure is decided by its interval. A pure function. */
final class FigureRule {
  private FigureRule() {}

  /** A verdict with its reason. */
  record Decision(Verdict verdict, String reason) {}

  static Decision decide(Condition.OfFigure condition, Metric metric, Estimate e, boolean byValue) {
    if (e.n() == 0) {
      return new Decision(Verdict.UNDECIDED, "nothing was observed");
    }
    double slack = condition.slack(metric, e.value());
    if (byValue) {
      return meets(condition, slack)
          ? new Decision(Verdict.PASSED, "the figure is " + e)
          : new Decision(Verdict.FAILED, "the figure is " + e);
    }
    if (Double.isNaN(e.ciLow())) {
      return new Decision(
          Verdict.UNDECIDED, "the figure is " + e + ", of which no interval is known");
    }
    double low = condition.slack(metric, e.ciLow());
    double high = condition.slack(metric, e.ciHigh());
    if (meets(condition, low) && meets(condition, high)) {
      return new Decision(Verdict.PASSED, "the whole interval meets it: " + e);
    }
    if (!meets(condition, low) && !meets(condition, high) && !holdsIdeal(metric, e)) {
      return new Decision(Verdict.FAILED, "the whole interval is against it: " + e);
    }
    return new Decision(
        Verdict.UNDECIDED, "the interval holds both: " + e + SampleAdvice.of(condition, metric, e));
  }

  /** Who is as good as guessing is not better. */
  private static boolean meets(Condition.OfFigure condition, double slack) {
    return condition instanceof Condition.BetterThanChance ? slack > 0 : slack >= 0;
  }

  private static boolean holdsIdeal(Metric metric, Estimate e) {
    return metric.direction() instanceof Direction.Ideal ideal && e.contains(ideal.value());
  }
}
