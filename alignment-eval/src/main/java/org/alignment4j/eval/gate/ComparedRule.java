package org.alignment4j.eval.gate;

import java.util.Locale;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.eval.Change;
import org.alignment4j.eval.MetricComparison;
import org.alignment4j.eval.PairedDifference;
import org.alignment4j.eval.gate.FigureRule.Decision;

/** How a comparison with another model decides. A pure function. */
final class ComparedRule {
  private static final double ONE_SIDED = 0.025;

  private ComparedRule() {}

  static Decision decide(Condition.NotWorseThan condition, MetricComparison c, boolean byValue) {
    Direction direction = c.metric().direction();
    if (c.paired().isEmpty()) {
      return unpaired(condition, c, byValue);
    }
    PairedDifference paired = c.paired().get();
    String found =
        "the difference is "
            + paired.difference()
            + String.format(Locale.ROOT, " with p = %.4f", paired.adjustedPValue());
    if (byValue) {
      double worse = direction.badness(paired.after()) - direction.badness(paired.before());
      double allowed = Double.isInfinite(condition.margin()) ? 0 : condition.margin();
      return new Decision(worse <= allowed ? Verdict.PASSED : Verdict.FAILED, found);
    }
    if (Double.isInfinite(condition.margin())) {
      return c.change() == Change.WORSE
          ? new Decision(Verdict.FAILED, "it is significantly worse: " + found)
          : new Decision(Verdict.PASSED, "it is not significantly worse: " + found);
    }
    Estimate difference = paired.difference();
    if (Double.isNaN(difference.ciLow()) && difference.value() == 0 && difference.n() > 1) {
      return paired.test() == PairedDifference.Test.SIGN_FLIP
          ? unchanged(condition, c, difference, found)
          : new Decision(Verdict.UNDECIDED, "no resample differs, which shows no bound: " + found);
    }
    if (condition.within(direction, paired.before(), difference)) {
      return new Decision(Verdict.PASSED, "the whole interval is within the margin: " + found);
    }
    if (c.change() == Change.WORSE) {
      return new Decision(Verdict.FAILED, "it is significantly worse: " + found);
    }
    return new Decision(Verdict.UNDECIDED, "it may be worse by more than the margin: " + found);
  }

  /**
   * No sample differs, so that there is no spread to make an interval of. Fewer of all samples than
   * {@code 1 - 0.025^(1/clusters)} differ (the exact bound on a share of which none was seen), each
   * by no more than the metric's range.
   */
  private static Decision unchanged(
      Condition.NotWorseThan condition, MetricComparison c, Estimate difference, String found) {
    double known = c.metric().greatest() - c.metric().least();
    double range = known < Double.POSITIVE_INFINITY ? known : 0;
    double most = range * (1 - Math.pow(ONE_SIDED, 1.0 / difference.clusters()));
    return most <= condition.margin()
        ? new Decision(Verdict.PASSED, "no sample differs: " + found)
        : new Decision(
            Verdict.UNDECIDED,
            String.format(
                Locale.ROOT, "no sample differs, but up to %.3g may be lost: %s", most, found));
  }

  /**
   * Figures that are not means of samples' scores have no paired test where their benchmark is not
   * at hand. Two intervals side by side find large differences only, and never too many.
   */
  private static Decision unpaired(
      Condition.NotWorseThan condition, MetricComparison c, boolean byValue) {
    Direction direction = c.metric().direction();
    Estimate before = c.before();
    Estimate after = c.after();
    String found = "before " + before + ", after " + after;
    if (before.n() == 0 || after.n() == 0) {
      return new Decision(Verdict.UNDECIDED, "nothing was observed of one of them: " + found);
    }
    double worse = direction.badness(after.value()) - direction.badness(before.value());
    if (byValue) {
      double allowed = Double.isInfinite(condition.margin()) ? 0 : condition.margin();
      return new Decision(worse <= allowed ? Verdict.PASSED : Verdict.FAILED, found);
    }
    if (Double.isNaN(before.ciLow()) || Double.isNaN(after.ciLow())) {
      return new Decision(Verdict.UNDECIDED, "an interval is not known: " + found);
    }
    boolean apart = after.ciHigh() < before.ciLow() || before.ciHigh() < after.ciLow();
    if (worse > 0 && apart) {
      return new Decision(Verdict.FAILED, "it is worse by more than both intervals: " + found);
    }
    if (Double.isInfinite(condition.margin())) {
      return new Decision(Verdict.PASSED, "the intervals show no loss: " + found);
    }
    double worst = Math.max(direction.badness(after.ciLow()), direction.badness(after.ciHigh()));
    return worst - best(direction, before) <= condition.margin()
        ? new Decision(Verdict.PASSED, "the intervals are within the margin: " + found)
        : new Decision(Verdict.UNDECIDED, "it may be worse by more than the margin: " + found);
  }

  private static double best(Direction direction, Estimate e) {
    return direction instanceof Direction.Ideal ideal && e.contains(ideal.value())
        ? 0
        : Math.min(direction.badness(e.ciLow()), direction.badness(e.ciHigh()));
  }
}
