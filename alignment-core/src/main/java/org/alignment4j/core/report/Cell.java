package org.alignment4j.core.report;

import java.util.Locale;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/** A cell of a {@link Table}: it knows how its content is written and aligned. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public sealed interface Cell {

  /** What is written where a figure is not known. */
  String UNKNOWN = "–";

  /** Returns what the cell says first, such as {@code 71.3 %}. */
  String main();

  /** Returns what qualifies it, such as {@code [66.2, 75.9]}; may be empty. */
  default String aside() {
    return "";
  }

  /** Whether it is aligned to the right, as figures are. */
  default boolean numeric() {
    return true;
  }

  /** Returns the whole content on one line. */
  default String plain() {
    return aside().isEmpty() ? main() : main() + " " + aside();
  }

  /** Returns a cell of text. */
  static Cell text(String text) {
    return new Text(text);
  }

  /** Returns a cell of a whole number. */
  static Cell count(long count) {
    return new Number(count, 0, "");
  }

  /** Returns a cell of a number with fixed decimals. */
  static Cell number(double value, int decimals) {
    return new Number(value, decimals, "");
  }

  /** Returns a cell of a figure that is not known; the column stays one of figures. */
  static Cell unknown() {
    return new Number(Double.NaN, 0, "");
  }

  /** Returns a cell of an estimate with its interval, three decimals. */
  static Cell figure(Estimate estimate) {
    return new Figure(estimate, 3, 1, "");
  }

  /** Returns a cell of an estimate with its interval and fixed decimals. */
  static Cell figure(Estimate estimate, int decimals) {
    return new Figure(estimate, decimals, 1, "");
  }

  /** Returns a cell of a fraction as a percentage with its interval, one decimal. */
  static Cell percent(Estimate fraction) {
    return new Figure(fraction, 1, 100, " %");
  }

  /**
   * Text, aligned to the left.
   *
   * @param text any text
   */
  record Text(String text) implements Cell {
    /** Checks that nothing is missing. */
    public Text {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public String main() {
      return text;
    }

    @Override
    public boolean numeric() {
      return false;
    }
  }

  /**
   * A number without an interval.
   *
   * @param value the number; NaN is shown as unknown
   * @param decimals digits after the point
   * @param unit what follows the number, with its space; may be empty
   */
  record Number(double value, int decimals, String unit) implements Cell {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if decimals are not in 0 to 12
     */
    public Number {
      requireDecimals(decimals);
    }

    @Override
    public String main() {
      return fixed(value, decimals) + (Double.isNaN(value) ? "" : unit);
    }
  }

  /**
   * An estimate with its interval, and with what it had to do without.
   *
   * @param estimate the estimate
   * @param decimals digits after the point
   * @param scale factor of value and interval, 100 for percentages
   * @param unit what follows the value, with its space; may be empty
   */
  record Figure(Estimate estimate, int decimals, double scale, String unit) implements Cell {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if decimals are not in 0 to 12
     */
    public Figure {
      Objects.requireNonNull(estimate, "estimate");
      requireDecimals(decimals);
    }

    @Override
    public String main() {
      double value = estimate.value() * scale;
      return fixed(value, decimals) + (Double.isNaN(value) ? "" : unit);
    }

    @Override
    public String aside() {
      StringBuilder text = new StringBuilder(interval());
      appendCount(text, estimate.unscored(), "unscored");
      appendCount(text, estimate.failed(), "failed");
      return text.toString();
    }

    /** Such as {@code [66.2, 75.9]}; empty where there is none. */
    String interval() {
      return Double.isNaN(estimate.ciLow())
          ? ""
          : "["
              + fixed(estimate.ciLow() * scale, decimals)
              + ", "
              + fixed(estimate.ciHigh() * scale, decimals)
              + "]";
    }

    private static void appendCount(StringBuilder text, long count, String name) {
      if (count > 0) {
        text.append(text.length() > 0 ? " " : "").append(count).append(' ').append(name);
      }
    }
  }

  private static String fixed(double value, int decimals) {
    if (Double.isNaN(value)) {
      return UNKNOWN;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    // A value that rounds to zero has no sign worth showing; others get a proper minus.
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text.replace('-', '−');
  }

  private static void requireDecimals(int decimals) {
    if (decimals < 0 || decimals > 12) {
      throw new IllegalArgumentException("decimals must be in 0 to 12 but was " + decimals);
    }
  }
}
