package org.alignment4j.eval.declared;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** Numbers in answers. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Numbers {

  /** Digits with commas between thousands or without, and a fraction; the sign is the caller's. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![\\w.])-?\\$?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?|(?<!\\w)-?\\$?\\.\\d+");

  /** Longer runs of digits are no number that anybody means. */
  private static final int MAX_DIGITS = 100;

  private Numbers() {}

  /**
   * Returns the number that a text is, blanks and a dollar sign aside.
   *
   * @param text such as {@code 1,234.50} or {@code $-3}
   * @return the number; empty when the text is none
   */
  public static Optional<BigDecimal> of(String text) {
    String bare = text.strip().replace("$", "").replace(",", "");
    if (bare.endsWith(".")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    if (bare.length() > MAX_DIGITS || !bare.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)")) {
      return Optional.empty();
    }
    return Optional.of(new BigDecimal(bare).stripTrailingZeros());
  }

  /**
   * Returns the last number in a text.
   *
   * @param text an answer
   * @return the number; empty when there is none
   */
  public static Optional<BigDecimal> last(String text) {
    Matcher numbers = NUMBER.matcher(text);
    Optional<BigDecimal> found = Optional.empty();
    while (numbers.find()) {
      found = of(numbers.group());
    }
    return found;
  }
}
