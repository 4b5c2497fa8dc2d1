package org.alignment4j.eval;

import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;

/**
 * What metrics are called where the scores of a sample's epochs come to the best of several: {@code
 * accuracy pass@2}, and {@code max@2} of what is no share of right answers. Names of slices keep
 * what follows the slash.
 */
final class EpochNames {
  private static final Pattern BEST = Pattern.compile(" (pass|max)@\\d+(?=/|$)");
  private static final String PAPER = "Chen et al. 2021, arXiv 2107.03374, equation 1";

  private EpochNames() {}

  /** The metric over what epochs come to. What guessing once scores is not what the best does. */
  static Metric of(Metric metric, EpochReduction reduction) {
    if (!(reduction instanceof EpochReduction.MaximumOf maximum)) {
      return metric;
    }
    boolean share = metric.unit().equals("fraction") && metric.direction() == Direction.HIGHER;
    String best = " " + (share ? "pass@" : "max@") + maximum.k();
    String name = metric.name();
    int slash = name.indexOf('/');
    int end = slash < 0 ? name.length() : slash;
    String how = "best of " + maximum.k() + " answers (" + PAPER + ")";
    return new Metric(
        name.substring(0, end) + best + name.substring(end),
        metric.unit(),
        metric.direction(),
        OptionalDouble.empty(),
        metric.citation().isEmpty() ? how : metric.citation() + "; " + how);
  }

  /** What the scorer, which knows of no epochs, calls a metric. */
  static String score(Metric metric, BenchmarkOutcome outcome) {
    return outcome.reduction().orElse(EpochReduction.mean()) instanceof EpochReduction.MaximumOf
        ? BEST.matcher(metric.name()).replaceFirst("")
        : metric.name();
  }
}
