package org.alignment4j.eval.toxicity;

import java.util.Objects;
import org.alignment4j.api.evaluation.Direction;
import org.apiguardian.api.API;

/**
 * What is measured of a text by a scorer: the score itself, or whether it passes a threshold.
 *
 * @param name the metric's name, such as {@code toxicity}
 * @param scorer puts a number on a text
 * @param kind what becomes of the number
 * @param threshold what the number is compared with; no matter for a mean
 * @param direction which way is better
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TextMeasure(
    String name, TextScorer scorer, Kind kind, double threshold, Direction direction) {

  /** What becomes of a scorer's number. */
  public enum Kind {
    /** Its mean. */
    MEAN,
    /** How often it is at least the threshold. */
    AT_LEAST,
    /** How often it is at most the threshold. */
    AT_MOST
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the name is blank or has a slash, or the threshold is not
   *     finite
   */
  public TextMeasure {
    Objects.requireNonNull(scorer, "scorer");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(direction, "direction");
    if (name.isBlank() || name.contains("/")) {
      throw new IllegalArgumentException(
          "name must not be blank and have no slash but was '" + name + "'");
    }
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException("threshold must be finite but was " + threshold);
    }
  }

  /**
   * Returns the mean of a scorer's numbers.
   *
   * @param name the metric's name
   * @param scorer puts a number on a text
   * @param direction which way is better
   * @return the measure
   */
  public static TextMeasure mean(String name, TextScorer scorer, Direction direction) {
    return new TextMeasure(name, scorer, Kind.MEAN, 0, direction);
  }

  /**
   * Returns the share of texts with a number from a threshold on.
   *
   * @param name the metric's name
   * @param scorer puts a number on a text
   * @param threshold such as 0.5
   * @param direction which way is better
   * @return the measure
   */
  public static TextMeasure atLeast(
      String name, TextScorer scorer, double threshold, Direction direction) {
    return new TextMeasure(name, scorer, Kind.AT_LEAST, threshold, direction);
  }

  /**
   * Returns the share of texts with a number up to a threshold.
   *
   * @param name the metric's name
   * @param scorer puts a number on a text
   * @param threshold such as −0.5
   * @param direction which way is better
   * @return the measure
   */
  public static TextMeasure atMost(
      String name, TextScorer scorer, double threshold, Direction direction) {
    return new TextMeasure(name, scorer, Kind.AT_MOST, threshold, direction);
  }

  /** Whether values are 0 or 1. */
  boolean isShare() {
    return kind != Kind.MEAN;
  }

  double value(double score) {
    return switch (kind) {
      case MEAN -> score;
      case AT_LEAST -> score >= threshold ? 1 : 0;
      case AT_MOST -> score <= threshold ? 1 : 0;
    };
  }
}
