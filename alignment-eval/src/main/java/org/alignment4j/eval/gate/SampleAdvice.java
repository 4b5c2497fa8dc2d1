package org.alignment4j.eval.gate;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;

/**
 * How many samples would tell on which side of a bound a figure lies, were it the same. Wilson's
 * interval of a share p ends at a bound b when n = z² · b(1−b) / (p−b)²; with the end l of an
 * interval from n samples, z² is known from it, dependence among samples included. Other intervals
 * shrink with the root of the number of samples. A pure function.
 */
final class SampleAdvice {
  private static final double MOST = 1e7;

  /** How far two ends may tell of different numbers of samples, and be those of one share. */
  private static final double ALIKE = 1e-6;

  private SampleAdvice() {}

  /** Says it as the end of a sentence; empty when more samples of the same figure do not help. */
  static String of(Condition.OfFigure condition, Metric metric, Estimate e) {
    double[] bounds = bounds(condition, metric);
    boolean meets = condition.slack(metric, e.value()) > 0;
    DoubleStream each = Arrays.stream(bounds).map(bound -> samples(bound, metric, e));
    // Within two bounds both must be cleared, outside of them the nearer one.
    double needed = (meets ? each.max() : each.min()).orElse(Double.NaN);
    return needed > e.n() && needed < MOST
        ? String.format(
            Locale.ROOT, "; were the figure the same, about %.0f samples would tell", needed)
        : "";
  }

  private static double[] bounds(Condition.OfFigure condition, Metric metric) {
    if (condition instanceof Condition.AtLeast least) {
      return new double[] {least.bound()};
    }
    if (condition instanceof Condition.AtMost most) {
      return new double[] {most.bound()};
    }
    if (metric.direction() instanceof Direction.Ideal ideal) {
      double away =
          condition instanceof Condition.NearIdeal near
              ? near.distance()
              : ideal.badness(metric.chance().orElse(Double.NaN));
      return new double[] {ideal.value() - away, ideal.value() + away};
    }
    return new double[] {metric.chance().orElse(Double.NaN)};
  }

  private static double samples(double bound, Metric metric, Estimate e) {
    double least = metric.least();
    double range = metric.greatest() - least;
    double p = (e.value() - least) / range;
    double b = (bound - least) / range;
    double low = (e.ciLow() - least) / range;
    double high = (e.ciHigh() - least) / range;
    double end = bound > e.value() ? high : low;
    double ofEnd =
        p == 0 && end == high || p == 1 && end == low || alike(p, low, high)
            ? spread(p, end)
            : Double.NaN;
    if (ofEnd > 0 && ofEnd < Double.POSITIVE_INFINITY) {
      return Math.ceil(e.n() * spread(p, b) / ofEnd * (1 - ALIKE));
    }
    double half = bound > e.value() ? e.ciHigh() - e.value() : e.value() - e.ciLow();
    double times = half / (bound - e.value());
    return Math.rint(e.n() * times * times);
  }

  /** Whether both ends are those of Wilson's interval for one number of samples. */
  private static boolean alike(double p, double low, double high) {
    double below = spread(p, low);
    double above = spread(p, high);
    return Math.abs(below - above) <= ALIKE * Math.max(below, above);
  }

  /** The number of samples at which Wilson's interval of a share ends there, over z². */
  private static double spread(double p, double end) {
    return end * (1 - end) / ((p - end) * (p - end));
  }
}
