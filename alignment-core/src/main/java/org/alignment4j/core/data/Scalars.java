package org.alignment4j.core.data;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Values of a file as numbers and truth values, which the cells of CSV files spell as strings. */
final class Scalars {

  private Scalars() {}

  /** The finite number that a value is or spells, or empty. */
  static OptionalDouble number(Object value) {
    double number = Double.NaN;
    if (value instanceof Number n) {
      number = n.doubleValue();
    } else if (value instanceof String text) {
      try {
        number = Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        return OptionalDouble.empty();
      }
    }
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /** The whole number of 64 bits that a value is or spells, or empty. */
  static OptionalLong integer(Object value) {
    if (value instanceof Long whole) {
      return OptionalLong.of(whole);
    }
    if (value instanceof String text) {
      try {
        return OptionalLong.of(Long.parseLong(text.strip()));
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  /** What is true or false, 1 or 0, or a string of these in any case; otherwise empty. */
  static Optional<Boolean> truth(Object value) {
    if (value instanceof Boolean truth) {
      return Optional.of(truth);
    }
    if (value instanceof String || value instanceof Long) {
      String text = value.toString().strip();
      if (text.equalsIgnoreCase("true") || text.equals("1")) {
        return Optional.of(true);
      }
      if (text.equalsIgnoreCase("false") || text.equals("0")) {
        return Optional.of(false);
      }
    }
    return Optional.empty();
  }

  /** A truth value as 0 or 1, or a number from 0 to 1; otherwise, and for null, empty. */
  static OptionalDouble share(@Nullable Object value) {
    if (value instanceof Boolean truth) {
      return OptionalDouble.of(truth ? 1 : 0);
    }
    OptionalDouble number = value instanceof Number given ? number(given) : OptionalDouble.empty();
    return number.isPresent() && number.getAsDouble() >= 0 && number.getAsDouble() <= 1
        ? number
        : OptionalDouble.empty();
  }
}
