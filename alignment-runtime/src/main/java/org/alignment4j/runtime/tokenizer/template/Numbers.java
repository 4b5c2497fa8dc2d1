package org.alignment4j.runtime.tokenizer.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Python's numbers: integers of 64 bits, floats, and booleans that count as 0 and 1. */
final class Numbers {

  private Numbers() {}

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof Boolean;
  }

  static long integer(String what, Object value) {
    if (!isInteger(value)) {
      Undefined.check(value);
      throw new EvaluationError(what + " must be an integer but was " + Values.typeName(value));
    }
    return toLong(value);
  }

  private static long toLong(Object value) {
    return value instanceof Boolean bool ? (bool ? 1 : 0) : (Long) value;
  }

  static double toDouble(Object value) {
    return value instanceof Double number ? number : (double) toLong(value);
  }

  /** The character of a code point. */
  static String character(Object value) {
    long code = integer("a character code", value);
    if (code < 0 || code > Character.MAX_CODE_POINT) {
      throw new EvaluationError("a character code must be from 0 to 1114111 but was " + code);
    }
    return Character.toString((int) code);
  }

  /** The integer part of a float. */
  static long truncated(double number) {
    if (Double.isNaN(number)) {
      throw new EvaluationError("a number that is no number has no integer part");
    }
    if (number < -0x1p63 || number >= 0x1p63) {
      throw overflow();
    }
    return (long) number;
  }

  private static boolean integers(Object a, Object b) {
    return isInteger(a) && isInteger(b);
  }

  private static EvaluationError overflow() {
    return new EvaluationError("limit exceeded: integers may have 64 bits");
  }

  static Object add(Object a, Object b) {
    try {
      return integers(a, b)
          ? (Object) Math.addExact(toLong(a), toLong(b))
          : (Object) (toDouble(a) + toDouble(b));
    } catch (ArithmeticException e) {
      throw overflow();
    }
  }

  static Object subtract(Object a, Object b) {
    try {
      return integers(a, b)
          ? (Object) Math.subtractExact(toLong(a), toLong(b))
          : (Object) (toDouble(a) - toDouble(b));
    } catch (ArithmeticException e) {
      throw overflow();
    }
  }

  static Object multiply(Object a, Object b) {
    try {
      return integers(a, b)
          ? (Object) Math.multiplyExact(toLong(a), toLong(b))
          : (Object) (toDouble(a) * toDouble(b));
    } catch (ArithmeticException e) {
      throw overflow();
    }
  }

  static Object divide(Object a, Object b) {
    checkDivisor(b);
    return toDouble(a) / toDouble(b);
  }

  static Object floorDivide(Object a, Object b) {
    checkDivisor(b);
    if (!integers(a, b)) {
      return Math.floor(toDouble(a) / toDouble(b));
    }
    if (toLong(a) == Long.MIN_VALUE && toLong(b) == -1) {
      throw overflow();
    }
    return Math.floorDiv(toLong(a), toLong(b));
  }

  static Object modulo(Object a, Object b) {
    checkDivisor(b);
    if (integers(a, b)) {
      return Math.floorMod(toLong(a), toLong(b));
    }
    double divisor = toDouble(b);
    double rest = toDouble(a) % divisor;
    return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
  }

  private static void checkDivisor(Object b) {
    if (toDouble(b) == 0) {
      throw new EvaluationError("division by zero");
    }
  }

  static Object power(Object a, Object b) {
    if (integers(a, b) && toLong(b) >= 0) {
      long base = toLong(a);
      long exponent = toLong(b);
      if (base == 0 || base == 1 || base == -1) {
        return exponent == 0 ? 1L : base == -1 && exponent % 2 == 0 ? 1L : base;
      }
      long result = 1;
      try {
        for (long i = 0; i < exponent; i++) {
          result = Math.multiplyExact(result, base);
        }
      } catch (ArithmeticException e) {
        throw overflow();
      }
      return result;
    }
    return Math.pow(toDouble(a), toDouble(b));
  }

  static Object signed(Object value, boolean negative) {
    Undefined.check(value);
    if (!isNumber(value)) {
      throw new EvaluationError(
          "unsupported operand for a sign: " + Values.typeName(Values.plain(value)));
    }
    return negative
        ? value instanceof Double number ? (Object) (-number) : subtract(0L, value)
        : value instanceof Boolean ? (Object) toLong(value) : value;
  }

  static int compare(Object a, Object b) {
    if (integers(a, b)) {
      return Long.compare(toLong(a), toLong(b));
    }
    double x = toDouble(a);
    double y = toDouble(b);
    return x == y ? 0 : x < y ? -1 : 1;
  }

  /**
   * Reads an integer literal; base 0 takes the base from its prefix.
   *
   * @throws NumberFormatException if the text is no integer of 64 bits
   */
  static long parseInteger(String text, int base) {
    String digits = text.strip().toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = base == 0 ? 10 : base;
    String prefix = digits.length() > 2 ? digits.substring(0, 2) : "";
    int prefixed = prefix.equals("0x") ? 16 : prefix.equals("0o") ? 8 : prefix.equals("0b") ? 2 : 0;
    if (prefixed != 0 && (base == 0 || base == prefixed)) {
      digits = digits.substring(2);
      radix = prefixed;
    }
    if (digits.startsWith("_")
        || digits.endsWith("_")
        || digits.contains("__")
        || digits.startsWith("+")
        || digits.startsWith("-")) {
      throw new NumberFormatException(text);
    }
    return Long.parseLong((negative ? "-" : "") + digits.replace("_", ""), radix);
  }

  /** Python's rounding: exact decimal value, half to even. */
  static double round(double value, int precision) {
    if (Double.isNaN(value) || Double.isInfinite(value) || precision > 400) {
      return value;
    }
    return new BigDecimal(value)
        .setScale(Math.max(-400, precision), RoundingMode.HALF_EVEN)
        .doubleValue();
  }

  /** The shortest decimal that reads back as the same float, in Python's form. */
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (shortest.doubleValue() == value) {
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return String.format(
          Locale.ROOT,
          "%s%s%se%s%02d",
          sign,
          digits.charAt(0),
          fraction,
          exponent < 0 ? "-" : "+",
          Math.abs(exponent));
    }
    String plain = shortest.abs().toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }
}
