package org.alignment4j.eval.gate;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A threshold on a figure of an evaluation. It knows the metric's direction and the figure's
 * interval: it passes when the whole interval meets the condition and fails when none of it does;
 * what follows between the two is {@link Undecided}'s. The interval is two-sided, so that at its
 * usual level a model that does not meet the condition passes at most once in forty times. Many
 * gates at once are not adjusted for their number; one that compares on all metrics is adjusted for
 * these.
 *
 * @param benchmark name of a benchmark, or empty for all
 * @param metric name of a metric, or empty for all
 * @param condition what has to be true
 * @param undecided what follows when the samples cannot tell
 * @param lost greatest share of samples that may lack a score, because their call failed, there was
 *     no verdict, or the run ended before, in [0, 1); beyond it the samples cannot tell
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Gate(
    String benchmark, String metric, Condition condition, Undecided undecided, double lost) {
  /** Share of samples that may be lost unless it is said otherwise. */
  public static final double LOST = 0.05;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if {@code lost} is outside [0, 1), or a metric is named
   *     without its benchmark, or a condition on a figure is put to all metrics
   */
  public Gate {
    Objects.requireNonNull(benchmark, "benchmark");
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(undecided, "undecided");
    if (!(lost >= 0 && lost < 1)) {
      throw new IllegalArgumentException("lost must be in [0, 1) but was " + lost);
    }
    if (benchmark.isBlank() && !metric.isBlank()) {
      throw new IllegalArgumentException(
          "benchmark must be named where a metric is but only metric '" + metric + "' was");
    }
    if (metric.isBlank() && condition instanceof Condition.OfFigure) {
      throw new IllegalArgumentException(
          "metric must be named: a bound has a meaning for one metric only");
    }
  }

  /** Asks for a figure of a bound or higher. */
  public static Gate atLeast(String benchmark, String metric, double bound) {
    return of(benchmark, metric, new Condition.AtLeast(bound));
  }

  /** Asks for a figure of a bound or lower. */
  public static Gate atMost(String benchmark, String metric, double bound) {
    return of(benchmark, metric, new Condition.AtMost(bound));
  }

  /** Asks for a figure no further from the best value, which lies in between, than a distance. */
  public static Gate nearIdeal(String benchmark, String metric, double distance) {
    return of(benchmark, metric, new Condition.NearIdeal(distance));
  }

  /** Asks for a figure that is better than guessing. */
  public static Gate betterThanChance(String benchmark, String metric) {
    return of(benchmark, metric, new Condition.BetterThanChance());
  }

  /**
   * Asks that no metric of any benchmark is significantly worse than another model's; those of
   * which no value is better are left out.
   */
  public static Gate notWorseThan(String model) {
    return of("", "", new Condition.NotWorseThan(model, Double.POSITIVE_INFINITY));
  }

  /** Asks that one metric is shown to be worse than another model's by no more than a margin. */
  public static Gate notWorseThan(String model, String benchmark, String metric, double margin) {
    return of(benchmark, metric, new Condition.NotWorseThan(model, margin));
  }

  private static Gate of(String benchmark, String metric, Condition condition) {
    return new Gate(benchmark, metric, condition, Undecided.FAIL, LOST);
  }

  /** Returns this gate with another consequence of samples that cannot tell. */
  public Gate whenUndecided(Undecided consequence) {
    return new Gate(benchmark, metric, condition, consequence, lost);
  }

  /** Returns this gate with another share of samples that may lack a score. */
  public Gate withLost(double share) {
    return new Gate(benchmark, metric, condition, undecided, share);
  }
}
