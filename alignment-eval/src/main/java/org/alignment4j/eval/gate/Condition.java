package org.alignment4j.eval.gate;

import java.util.Locale;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.apiguardian.api.API;

/** What has to be true of a figure. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Condition {

  /**
   * Says what has to hold in a few words, such as {@code ≥ 0.3}.
   *
   * @param metric the metric it is put to
   */
  String text(Metric metric);

  /**
   * Checks that the condition has a meaning for a metric.
   *
   * @throws IllegalArgumentException if it asks for the worse side, for what the metric lacks, or
   *     for a value that its unit has not
   */
  void requireFor(Metric metric);

  /** A condition on one model's figure alone. */
  sealed interface OfFigure extends Condition {
    /**
     * Returns by how much a value meets the condition, in the metric's unit; negative when it does
     * not.
     */
    double slack(Metric metric, double value);
  }

  /**
   * The figure is a bound or higher.
   *
   * @param bound least value, in the metric's unit
   */
  record AtLeast(double bound) implements OfFigure {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public AtLeast {
      requireFinite("bound", bound);
    }

    @Override
    public double slack(Metric metric, double value) {
      return value - bound;
    }

    @Override
    public String text(Metric metric) {
      return "≥ " + number(bound);
    }

    @Override
    public void requireFor(Metric metric) {
      if (metric.direction() instanceof Direction.Lower) {
        throw new IllegalArgumentException(
            "atLeast must be put to a metric of which higher is better but of '"
                + metric.name()
                + "' lower is; use atMost");
      }
      requireWithin("atLeast", bound, metric, metric.least(), metric.greatest());
    }
  }

  /**
   * The figure is a bound or lower.
   *
   * @param bound greatest value, in the metric's unit
   */
  record AtMost(double bound) implements OfFigure {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public AtMost {
      requireFinite("bound", bound);
    }

    @Override
    public double slack(Metric metric, double value) {
      return bound - value;
    }

    @Override
    public String text(Metric metric) {
      return "≤ " + number(bound);
    }

    @Override
    public void requireFor(Metric metric) {
      if (metric.direction() instanceof Direction.Higher) {
        throw new IllegalArgumentException(
            "atMost must be put to a metric of which lower is better but of '"
                + metric.name()
                + "' higher is; use atLeast");
      }
      requireWithin("atMost", bound, metric, metric.least(), metric.greatest());
    }
  }

  /**
   * The figure is near the best value, which lies in between.
   *
   * @param distance greatest distance from it, in the metric's unit
   */
  record NearIdeal(double distance) implements OfFigure {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public NearIdeal {
      requireNotNegative("distance", distance);
    }

    @Override
    public double slack(Metric metric, double value) {
      return distance - metric.direction().badness(value);
    }

    @Override
    public String text(Metric metric) {
      String ideal =
          metric.direction() instanceof Direction.Ideal best ? number(best.value()) : "ideal";
      return "within " + number(distance) + " of " + ideal;
    }

    @Override
    public void requireFor(Metric metric) {
      if (!(metric.direction() instanceof Direction.Ideal ideal)) {
        throw new IllegalArgumentException(
            "nearIdeal must be put to a metric whose best value lies in between but '"
                + metric.name()
                + "' is not one; use atLeast or atMost");
      }
      double furthest = Math.max(metric.greatest() - ideal.value(), ideal.value() - metric.least());
      requireWithin("nearIdeal", distance, metric, 0, furthest);
    }
  }

  /** The figure is better than guessing. */
  record BetterThanChance() implements OfFigure {
    @Override
    public double slack(Metric metric, double value) {
      return metric.direction().badness(metric.chance().orElseThrow())
          - metric.direction().badness(value);
    }

    @Override
    public String text(Metric metric) {
      String chance =
          metric.chance().isPresent() ? " of " + number(metric.chance().getAsDouble()) : "";
      return "better than chance" + chance;
    }

    @Override
    public void requireFor(Metric metric) {
      if (metric.direction() instanceof Direction.Neutral) {
        throw new IllegalArgumentException(
            "betterThanChance must be put to a metric of which a side is better but of '"
                + metric.name()
                + "' none is; use atLeast or atMost");
      }
      if (metric.chance().isEmpty()) {
        throw new IllegalArgumentException(
            "betterThanChance must be put to a metric with a chance level but '"
                + metric.name()
                + "' has none");
      }
    }
  }

  /**
   * The figure is no worse than another model's, sample by sample.
   *
   * @param model the other model's name
   * @param margin by how much it may be worse, in the metric's unit. The gate passes when the
   *     interval of the difference shows that it is less, and fails when the model is significantly
   *     worse; between, the samples cannot tell. Infinite asks for no proof: the gate passes unless
   *     the model is significantly worse
   */
  record NotWorseThan(String model, double margin) implements Condition {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the model is blank, or the margin negative or NaN
     */
    public NotWorseThan {
      if (model.isBlank()) {
        throw new IllegalArgumentException("model must not be blank");
      }
      if (!(margin >= 0)) {
        throw new IllegalArgumentException("margin must be at least 0 but was " + margin);
      }
    }

    /** Whether an interval shows that the model is worse by no more than the margin. */
    boolean within(Direction direction, double before, Estimate difference) {
      double worst =
          Math.max(
              direction.badness(before + difference.ciLow()),
              direction.badness(before + difference.ciHigh()));
      return worst - direction.badness(before) <= margin;
    }

    @Override
    public String text(Metric metric) {
      return "no worse than "
          + model
          + (margin < Double.POSITIVE_INFINITY ? " by more than " + number(margin) : "");
    }

    @Override
    public void requireFor(Metric metric) {
      if (metric.direction() instanceof Direction.Neutral) {
        throw new IllegalArgumentException(
            "notWorseThan must be put to a metric of which a side is better but of '"
                + metric.name()
                + "' none is; use atLeast or atMost");
      }
      if (margin < Double.POSITIVE_INFINITY) {
        requireWithin("margin", margin, metric, 0, metric.greatest() - metric.least());
      }
    }
  }

  /** A bound beyond what there can be is most likely one in another unit. */
  private static void requireWithin(
      String name, double bound, Metric metric, double least, double greatest) {
    if (!(bound >= least && bound <= greatest)) {
      throw new IllegalArgumentException(
          name
              + " must be from "
              + number(least)
              + " to "
              + number(greatest)
              + " for '"
              + metric.name()
              + "', whose unit is "
              + metric.unit()
              + ", but was "
              + number(bound));
    }
  }

  private static void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite but was " + value);
    }
  }

  private static void requireNotNegative(String name, double value) {
    requireFinite(name, value);
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }

  /** A number as it is read: without digits that say nothing. */
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "").replaceAll("^-0$", "0");
  }
}
