package org.alignment4j.runtime.tokenizer.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Width, sign, precision and type of a formatted value, shared by {@code %} and {@code str.format}.
 *
 * @param align one of {@code < > ^ =}
 * @param precision digits, or -1
 * @param type a conversion letter, or a blank
 */
record FormatSpec(
    String fill, char align, char sign, int width, boolean grouped, int precision, char type) {

  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?:(.)?([<>^=]))?([-+ ])?#?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([bcdeEfFgGnosxX%])?",
          Pattern.DOTALL);

  static FormatSpec parse(String text, Object value) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new EvaluationError("'" + text + "' is not a format specification");
    }
    boolean number = Numbers.isNumber(value);
    boolean zero = matcher.group(4) != null;
    String fill = matcher.group(1) != null ? matcher.group(1) : zero ? "0" : " ";
    String align = matcher.group(2);
    char side = align != null ? align.charAt(0) : zero && number ? '=' : number ? '>' : '<';
    return new FormatSpec(
        fill,
        side,
        matcher.group(3) == null ? '-' : matcher.group(3).charAt(0),
        matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5)),
        matcher.group(6) != null,
        matcher.group(7) == null ? -1 : Integer.parseInt(matcher.group(7)),
        matcher.group(8) == null ? ' ' : matcher.group(8).charAt(0));
  }

  String format(Run run, Object value) {
    run.bound(Math.max(width, precision));
    if (!Numbers.isNumber(value) || type == 's' || (value instanceof Boolean && type == ' ')) {
      if (type != ' ' && type != 's') {
        throw new EvaluationError(
            "the format '%s' needs a number but was given %s"
                .formatted(type, Values.typeName(value)));
      }
      String text = Repr.text(run, value);
      boolean cut = precision >= 0 && precision < PyText.length(text);
      return pad(run, "", cut ? PyText.part(text, 0, precision) : text);
    }
    boolean negative = Numbers.toDouble(value) < 0;
    String prefix = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    return pad(run, prefix, magnitude(value));
  }

  private String magnitude(Object value) {
    boolean whole = Numbers.isInteger(value);
    String digits =
        switch (type) {
          case 'f', 'F' -> fixed(value, precision < 0 ? 6 : precision);
          case '%' -> fixed(Numbers.multiply(value, 100L), precision < 0 ? 6 : precision) + "%";
          case 'e', 'E' -> scientific(Numbers.toDouble(value));
          case 'g', 'G', 'n' -> general(Numbers.toDouble(value));
          case ' ' -> whole ? integer(value, 10) : floatDefault((Double) value);
          case 'x' -> integer(value, 16);
          case 'X' -> PyCase.upper(integer(value, 16));
          case 'o' -> integer(value, 8);
          case 'b' -> integer(value, 2);
          case 'c' -> Numbers.character(value);
          default -> integer(value, 10);
        };
    String cased = type == 'E' || type == 'G' ? PyCase.upper(digits) : digits;
    return grouped ? group(cased) : cased;
  }

  private String floatDefault(double value) {
    return precision < 0 ? Numbers.repr(Math.abs(value)) : general(value);
  }

  private static String integer(Object value, int radix) {
    String digits = Long.toString(Numbers.integer("an integer format", value), radix);
    return digits.startsWith("-") ? digits.substring(1) : digits;
  }

  private static String fixed(Object value, int digits) {
    double number = Math.abs(Numbers.toDouble(value));
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Numbers.repr(number);
    }
    return new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  private String scientific(double value) {
    String form = "%." + (precision < 0 ? 6 : precision) + "e";
    return String.format(Locale.ROOT, form, Math.abs(value));
  }

  private String general(double value) {
    int digits = precision < 0 ? 6 : Math.max(1, precision);
    double number = Math.abs(value);
    if (number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
      return number == 0 ? "0" : Numbers.repr(number);
    }
    BigDecimal rounded =
        new BigDecimal(number)
            .round(new MathContext(digits, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < digits) {
      return rounded.toPlainString();
    }
    String unscaled = rounded.unscaledValue().toString();
    String fraction = unscaled.length() > 1 ? "." + unscaled.substring(1) : "";
    return String.format(
        Locale.ROOT,
        "%s%se%s%02d",
        unscaled.charAt(0),
        fraction,
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  private static String group(String digits) {
    int end = 0;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    StringBuilder out = new StringBuilder(digits.substring(0, end));
    for (int at = end - 3; at > 0; at -= 3) {
      out.insert(at, ',');
    }
    return out.append(digits.substring(end)).toString();
  }

  private String pad(Run run, String prefix, String text) {
    int missing = Math.max(0, width - prefix.length() - PyText.length(text));
    int left =
        switch (align) {
          case '<', '=' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    String inner = align == '=' ? fill.repeat(missing) : "";
    String right = align == '=' ? "" : fill.repeat(missing - left);
    return run.made(fill.repeat(left) + prefix + inner + text + right);
  }
}
