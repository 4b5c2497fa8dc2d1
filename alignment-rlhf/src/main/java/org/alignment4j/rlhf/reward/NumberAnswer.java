package org.alignment4j.rlhf.reward;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * A number as answers to mathematical questions state it, an exact fraction: {@code 42}, {@code
 * -1,234.5}, {@code $3}, {@code 2/3}, {@code \frac{2}{3}}, {@code 1.5e3}. A percent sign and units
 * behind the number are not read. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NumberAnswer {

  /** A number may have so many digits; more say nothing and cost time. */
  private static final int MAX_LENGTH = 200;

  private static final String SIGN = "(?:(?<![\\w.)}])[-+\\u2212])?";
  private static final String PLAIN =
      "(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3}(?![0-9]))?"
          + "|\\.[0-9]+";
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<sign>"
              + SIGN
              + ")\\s?\\\\?\\$?\\s?(?:\\\\[dt]?frac\\{(?<fn>-?(?:"
              + PLAIN
              + "))\\}\\{(?<fd>-?(?:"
              + PLAIN
              + "))\\}|(?<n>"
              + PLAIN
              + ")(?:\\s?/\\s?(?<d>"
              + PLAIN
              + "))?)");
  private static final Pattern WHOLE_TAIL = Pattern.compile("\\s*\\\\?%?\\s*\\$?\\.?\\s*");

  private final BigDecimal numerator;
  private final BigDecimal denominator;

  private NumberAnswer(BigDecimal numerator, BigDecimal denominator) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /**
   * Reads the answer that a text comes to: the last {@code \boxed{…}}, else what follows the last
   * {@code ####}, else the whole text; in it the last number.
   *
   * @param text any text
   * @return the number; empty when there is none
   */
  public static Optional<NumberAnswer> last(String text) {
    String place = finalPart(text);
    Matcher numbers = NUMBER.matcher(place);
    Optional<NumberAnswer> last = Optional.empty();
    while (numbers.find()) {
      Optional<NumberAnswer> found = of(numbers);
      last = found.isPresent() ? found : last;
    }
    return last;
  }

  /**
   * Reads a gold answer: {@code \boxed{…}} or what follows {@code ####} as {@link #last} does, else
   * the whole text, which must then be a number and nothing else.
   *
   * @param text any text
   * @return the number; empty when the text states none
   */
  public static Optional<NumberAnswer> gold(String text) {
    String place = finalPart(text).strip();
    Matcher number = NUMBER.matcher(place);
    return number.lookingAt() && WHOLE_TAIL.matcher(place.substring(number.end())).matches()
        ? of(number)
        : Optional.empty();
  }

  private static Optional<NumberAnswer> of(Matcher match) {
    if (match.group().length() > MAX_LENGTH) {
      return Optional.empty();
    }
    boolean fraction = match.group("fn") != null;
    BigDecimal top = decimal(fraction ? match.group("fn") : match.group("n"));
    String below = fraction ? match.group("fd") : match.group("d");
    BigDecimal bottom = below == null ? BigDecimal.ONE : decimal(below);
    if (bottom.signum() == 0) {
      return Optional.empty();
    }
    boolean negative = match.group("sign").matches("[-\\u2212]");
    return Optional.of(new NumberAnswer(negative ? top.negate() : top, bottom));
  }

  private static BigDecimal decimal(String digits) {
    return new BigDecimal(digits.replace(",", ""));
  }

  private static String finalPart(String text) {
    int boxed = text.lastIndexOf("\\boxed{");
    if (boxed >= 0) {
      int from = boxed + "\\boxed{".length();
      int depth = 1;
      for (int i = from; i < text.length(); i++) {
        depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
        if (depth == 0) {
          return text.substring(from, i);
        }
      }
    }
    int marked = text.lastIndexOf("####");
    return marked < 0 ? text : text.substring(marked + "####".length());
  }

  /**
   * Returns whether two numbers are equal, exactly or but for a tolerance.
   *
   * @param other the other number
   * @param tolerance greatest difference relative to the other number, from 0, which is exact
   * @return whether they are
   * @throws IllegalArgumentException when the tolerance is negative or not finite
   */
  public boolean matches(NumberAnswer other, double tolerance) {
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException(
          "tolerance must be finite and not negative but was " + tolerance);
    }
    BigDecimal mine = numerator.multiply(other.denominator);
    BigDecimal theirs = other.numerator.multiply(denominator);
    BigDecimal allowed = theirs.abs().multiply(new BigDecimal(tolerance));
    return mine.subtract(theirs).abs().compareTo(allowed) <= 0;
  }

  /**
   * Returns the number.
   *
   * @return the nearest double
   */
  public double value() {
    return numerator.divide(denominator, java.math.MathContext.DECIMAL64).doubleValue();
  }

  /** Returns the fraction as text. */
  @Override
  public String toString() {
    return denominator.equals(BigDecimal.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
