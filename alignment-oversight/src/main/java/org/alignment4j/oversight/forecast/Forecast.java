package org.alignment4j.oversight.forecast;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * A number that a role gave.
 *
 * @param value the number, such as a probability; empty when none could be read
 * @param draws the single answers behind it
 * @param invalid how many replies had no number in the required form, those drawn again included
 * @param usage what it cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Forecast(OptionalDouble value, List<Double> draws, int invalid, Usage usage) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the value is not finite or the count negative
   */
  public Forecast {
    draws = List.copyOf(draws);
    Objects.requireNonNull(usage, "usage");
    if (invalid < 0 || !Double.isFinite(value.orElse(0))) {
      throw new IllegalArgumentException(
          "value must be finite and invalid not negative but they were "
              + value
              + " and "
              + invalid);
    }
  }

  /** Returns a forecast of one answer. */
  public static Forecast of(double value, Usage usage) {
    return new Forecast(OptionalDouble.of(value), List.of(value), 0, usage);
  }
}
