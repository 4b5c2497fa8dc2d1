package org.alignment4j.api.evaluation;

import java.util.Objects;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * What a figure measures, so that it can be read, compared and gated without its benchmark at hand.
 *
 * @param name the field's name for it, such as {@code mc1} or {@code over-refusal}
 * @param unit unit of the values, such as {@code fraction}, {@code %}, {@code nats}; empty for a
 *     plain number
 * @param direction which way is better
 * @param chance what guessing scores; empty when that has no meaning
 * @param citation where it is defined: paper, section, or the official script; may be empty
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Metric(
    String name, String unit, Direction direction, OptionalDouble chance, String citation) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the name is blank or the chance level is not finite
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
   * @throws IllegalArgumentException when the level is not finite
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
