package org.alignment4j.api.evaluation;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * What a figure measures, so that it can be read, compared and gated without its benchmark at hand.
 *
 * @param name the field's name for it, such as {@code mc1} or {@code over-refusal}
 * @param unit unit of the values, such as {@code fraction}, {@code %}, {@code nats}; empty for a
 *     plain number
 * @param direction which way is better, if any is
 * @param chance what guessing scores, in the unit of the values; empty when that has no meaning
 * @param citation where it is defined: paper, section, or the official script; may be empty
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Metric(
    String name, String unit, Direction direction, OptionalDouble chance, String citation) {

  private static final Set<String> COUNTED =
      Set.of("calls", "characters", "facts", "tokens", "words");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the name is blank, or the chance level is not finite or
   *     outside the range of values
   */
  public Metric {
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(citation, "citation");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
    if (chance.isPresent() && !Double.isFinite(chance.getAsDouble())) {
      throw new IllegalArgumentException("chance must be finite but was " + chance.getAsDouble());
    }
    if (chance.isPresent()
        && !(chance.getAsDouble() >= least(unit, direction)
            && chance.getAsDouble() <= greatest(unit))) {
      throw new IllegalArgumentException(
          "chance of '"
              + name
              + "' must be from "
              + least(unit, direction)
              + " to "
              + greatest(unit)
              + ", its range in "
              + unit
              + ", but was "
              + chance.getAsDouble());
    }
  }

  /**
   * Returns the least value that there can be: 0 of fractions, percentages and what is counted
   * (calls, characters, facts, tokens, words), or as far below 0 as they go above it where the best
   * value is 0 or less, as that of a difference.
   *
   * @return −∞ of other units
   */
  public double least() {
    return least(unit, direction);
  }

  /**
   * Returns the greatest value that there can be: 1 of fractions, 100 of percentages.
   *
   * @return ∞ of other units
   */
  public double greatest() {
    return greatest(unit);
  }

  private static double least(String unit, Direction direction) {
    double greatest = greatest(unit);
    boolean difference = direction instanceof Direction.Ideal ideal && ideal.value() <= 0;
    boolean bounded = greatest < Double.POSITIVE_INFINITY || COUNTED.contains(unit);
    return difference || !bounded ? -greatest : 0;
  }

  private static double greatest(String unit) {
    return switch (unit) {
      case "fraction" -> 1;
      case "%" -> 100;
      default -> Double.POSITIVE_INFINITY;
    };
  }

  /**
   * Returns a metric without chance level and citation.
   *
   * @param name the field's name for it
   * @param unit unit of the values
   * @param direction which way is better
   * @return the metric
   * @throws IllegalArgumentException when the name is blank
   */
  public static Metric of(String name, String unit, Direction direction) {
    return new Metric(name, unit, direction, OptionalDouble.empty(), "");
  }

  /**
   * Returns this metric with a chance level.
   *
   * @param level what guessing scores
   * @return the metric
   * @throws IllegalArgumentException when the level is not finite or outside the range of values
   */
  public Metric withChance(double level) {
    return new Metric(name, unit, direction, OptionalDouble.of(level), citation);
  }

  /**
   * Returns this metric with a citation.
   *
   * @param source paper, section, or the official script
   * @return the metric
   */
  public Metric withCitation(String source) {
    return new Metric(name, unit, direction, chance, source);
  }
}
