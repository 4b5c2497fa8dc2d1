package org.alignment4j.core.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as text where no fixed decimals are given. */
final class Figures {

  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private Figures() {}

  /** Four significant digits without trailing zeros. */
  static String significant(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? Cell.UNKNOWN : value > 0 ? "∞" : "−∞";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.valueOf((long) value).replace('-', '−');
    }
    BigDecimal rounded = new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    String text = size >= 1e-4 && size < 1e9 ? rounded.toPlainString() : rounded.toString();
    return text.replace('-', '−');
  }
}
