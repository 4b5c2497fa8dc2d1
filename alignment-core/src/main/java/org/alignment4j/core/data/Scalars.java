package org.alignment4j.core.data;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values of a file as numbers and truth values, which the cells of CSV files spell as strings. */
final class Scalars {

  private static final Pattern WHOLE = Pattern.compile("-?(?:0|[1-9][0-9]*)");

  /** JSON's (RFC 8259, section 6); Java's own would take {@code 5d} and {@code 0x1p4} too. */
  private static final Pattern NUMBER =
      Pattern.compile(WHOLE.pattern() + "(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private Scalars() {}

  /** The finite number that a value is or spells, or empty. */
  static OptionalDouble number(Object value) {
    double number = Double.NaN;
    if (value instanceof Number n) {
      number = n.doubleValue();
    } else if (value instanceof String text) {
      String spelt = text.strip();
      number = NUMBER.matcher(spelt).matches() ? Double.parseDouble(spelt) : Double.NaN;
    }
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /** The whole number of 64 bits that a value is or spells, or empty. */
  static OptionalLong integer(Object value) {
    if (value instanceof Long whole) {
      return OptionalLong.of(whole);
    }
    if (value instanceof String text) {
      String spelt = text.strip();
      if (!WHOLE.matcher(spelt).matches()) {
        return OptionalLong.empty();
      }
      try {
        return OptionalLong.of(Long.parseLong(spelt));
      } catch (NumberFormatException e) {
        return OptionalLong.empty(); // more than 64 bits
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
