package org.alignment4j.eval;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.apiguardian.api.API;

/**
 * Two models on one metric.
 *
 * @param benchmark the benchmark's name
 * @param metric the metric
 * @param before the first model's figure
 * @param after the second model's figure
 * @param paired the difference sample by sample; empty when it was not tested
 * @param alpha level at which a difference is significant
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MetricComparison(
    String benchmark,
    Metric metric,
    Estimate before,
    Estimate after,
    Optional<PairedDifference> paired,
    double alpha) {

  /** Checks that nothing is missing. */
  public MetricComparison {
    Objects.requireNonNull(benchmark, "benchmark");
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(paired, "paired");
  }

  /**
   * Returns what was found: by the paired test, or, where there is none, by whether the two
   * intervals meet, which finds large differences only. Of figures on either side of a best value
   * that lies between, the one is better whose interval is nearer wherever the other may lie.
   */
  public Change change() {
    boolean known = !Double.isNaN(before.ciLow()) && !Double.isNaN(after.ciLow());
    if (known
        && metric.direction() instanceof Direction.Ideal ideal
        && (before.value() - ideal.value()) * (after.value() - ideal.value()) < 0) {
      return acrossThe(ideal.value());
    }
    if (paired.isEmpty()) {
      boolean apart = after.ciHigh() < before.ciLow() || before.ciHigh() < after.ciLow();
      return apart ? side(before.value(), after.value()) : Change.UNTESTED;
    }
    PairedDifference found = paired.get();
    return found.adjustedPValue() <= alpha
        ? side(found.before(), found.after())
        : Change.NOT_SIGNIFICANT;
  }

  /** A test that the figures differ does not say that their distances from the ideal do. */
  private Change acrossThe(double ideal) {
    double low = 2 * ideal - before.ciHigh();
    double high = 2 * ideal - before.ciLow();
    if (after.ciLow() > high || after.ciHigh() < low) {
      return side(before.value(), after.value());
    }
    boolean differ =
        paired.isPresent()
            ? paired.get().adjustedPValue() <= alpha
            : after.ciHigh() < before.ciLow() || before.ciHigh() < after.ciLow();
    if (differ) {
      return Change.CHANGED;
    }
    return paired.isPresent() ? Change.NOT_SIGNIFICANT : Change.UNTESTED;
  }

  private Change side(double first, double second) {
    Direction direction = metric.direction();
    if (direction.better(second, first)) {
      return Change.BETTER;
    }
    return direction.better(first, second) ? Change.WORSE : Change.CHANGED;
  }
}
