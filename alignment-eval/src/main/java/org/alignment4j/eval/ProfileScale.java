package org.alignment4j.eval;

import java.util.Optional;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.report.Chart;

/**
 * Where a metric's values stand between the worst, 0, and the best, 1. Fractions and percentages
 * have both; other units have no worst value, and no place in a profile.
 */
record ProfileScale(Metric metric, double range) {
  private static final double PERCENT = 100;

  /** Returns the scale of a metric; empty when it has no worst value. */
  static Optional<ProfileScale> of(Metric metric) {
    if (metric.direction() instanceof Direction.Neutral) {
      return Optional.empty();
    }
    return switch (metric.unit()) {
      case "fraction" -> Optional.of(new ProfileScale(metric, 1));
      case "%" -> Optional.of(new ProfileScale(metric, PERCENT));
      default -> Optional.empty();
    };
  }

  double position(double value) {
    Direction direction = metric.direction();
    double worst =
        direction instanceof Direction.Ideal ideal
            ? Math.max(ideal.value(), range - ideal.value())
            : range;
    double off = direction instanceof Direction.Higher ? range - value : direction.badness(value);
    return Math.max(0, Math.min(1, 1 - off / worst));
  }

  double chance() {
    return metric.chance().isPresent() ? position(metric.chance().getAsDouble()) : Double.NaN;
  }

  Chart.Mark mark(Estimate e) {
    if (Double.isNaN(e.value())) {
      return new Chart.Mark(Double.NaN, Double.NaN, Double.NaN, e.toString());
    }
    double low = position(e.ciLow());
    double high = position(e.ciHigh());
    if (Double.isNaN(e.ciLow())) {
      return new Chart.Mark(position(e.value()), Double.NaN, Double.NaN, e.toString());
    }
    // An interval around the best value reaches it, though both of its ends lie to the left.
    boolean reaches =
        metric.direction() instanceof Direction.Ideal best && e.contains(best.value());
    return new Chart.Mark(
        position(e.value()), Math.min(low, high), reaches ? 1 : Math.max(low, high), e.toString());
  }
}
