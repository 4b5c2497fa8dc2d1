package org.alignment4j.oversight.society;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/**
 * Forms of final answers that can be compared as texts: equal answers have equal values. For
 * letters there is {@link ReplyParser#choice}. A reply that was cut off counts only when the answer
 * is its very end. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AnswerForm implements ReplyParser<String> {
  private static final Pattern BOX =
      Pattern.compile("\\[\\[([^\\[\\]\\n]{1,200})\\]\\]|\\\\boxed\\{([^{}\\n]{1,200})\\}");
  private static final Pattern OPENED = Pattern.compile("\\[\\[|\\\\boxed\\{");
  private static final String DIGITS =
      "(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,30})(?:\\.[0-9]{1,30})?";
  private static final Pattern NUMBER =
      Pattern.compile("([+\\-\u2212]?)\\s?[$\u20ac\u00a3]?\\s?(" + DIGITS + ")\\s?%?\\.?");
  private static final Pattern NUMBER_WITHIN =
      Pattern.compile(
          "(?<![0-9.,])((?<![0-9A-Za-z)\\]])[+\\-\u2212])?[$\u20ac\u00a3]?("
              + DIGITS
              + ")(?![0-9]|[.,][0-9])");
  private static final int SHORT = 200;

  private final boolean number;
  private final boolean unboxed;

  private AnswerForm(boolean number, boolean unboxed) {
    this.number = number;
    this.unboxed = unboxed;
  }

  /**
   * Returns the form of numbers: the last {@code [[number]]} or {@code \boxed{number}}, or a reply
   * that is nothing but a number. A sign is kept; commas are allowed between groups of three digits
   * alone; currency and percent signs are dropped. Values are plain decimals without trailing
   * zeros, such as {@code -1234.5}.
   */
  public static AnswerForm number() {
    return new AnswerForm(true, false);
  }

  /**
   * Returns the form of short texts: the last {@code [[text]]} or {@code \boxed{text}}, or a reply
   * that is nothing but one short line. Values are in lower case, with single spaces and without a
   * final full stop.
   */
  public static AnswerForm text() {
    return new AnswerForm(false, false);
  }

  /**
   * Returns this form of numbers that takes the last number of a reply in which none is boxed, as
   * published evaluations of arithmetic do. A reply that was cut off has none.
   *
   * @throws IllegalStateException if this is the form of texts
   */
  public AnswerForm orLastNumber() {
    if (!number) {
      throw new IllegalStateException("only numbers can be told from the rest of a reply");
    }
    return new AnswerForm(true, true);
  }

  @Override
  public Parsed<String> parse(Reply reply) {
    String text = reply.text();
    Matcher boxes = BOX.matcher(text);
    String found = null;
    int end = 0;
    while (boxes.find()) {
      found = boxes.group(1) != null ? boxes.group(1) : boxes.group(2);
      end = boxes.end();
    }
    if (found != null) {
      if (OPENED.matcher(text).region(end, text.length()).find()) {
        return new Parsed.Nothing<>("its last final answer cannot be read.");
      }
      return reply.truncated() && end < text.stripTrailing().length()
          ? new Parsed.Nothing<>("it was cut off before its end.")
          : value(found.strip());
    }
    String whole = text.strip();
    if (reply.truncated() || whole.isEmpty()) {
      return new Parsed.Nothing<>("it has no final answer.");
    }
    if (unboxed) {
      return lastNumber(whole);
    }
    return whole.length() > SHORT || whole.contains("\n")
        ? new Parsed.Nothing<>("it has nothing in double square brackets.")
        : value(whole);
  }

  private Parsed<String> value(String found) {
    if (number) {
      Matcher matcher = NUMBER.matcher(found);
      return matcher.matches()
          ? new Parsed.Value<>(decimal(matcher.group(1), matcher.group(2)))
          : new Parsed.Nothing<>("its answer is not a number.");
    }
    String text = found.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    String stripped = text.endsWith(".") ? text.substring(0, text.length() - 1).strip() : text;
    return stripped.isEmpty()
        ? new Parsed.Nothing<>("its answer is empty.")
        : new Parsed.Value<>(stripped);
  }

  private static Parsed<String> lastNumber(String text) {
    Matcher matcher = NUMBER_WITHIN.matcher(text);
    String last = null;
    while (matcher.find()) {
      last = decimal(matcher.group(1) == null ? "" : matcher.group(1), matcher.group(2));
    }
    return last == null ? new Parsed.Nothing<>("it has no number.") : new Parsed.Value<>(last);
  }

  private static String decimal(String sign, String digits) {
    BigDecimal value = new BigDecimal(digits.replace(",", ""));
    boolean negative = sign.equals("-") || sign.equals("\u2212");
    BigDecimal signed = negative ? value.negate() : value;
    return signed.signum() == 0 ? "0" : signed.stripTrailingZeros().toPlainString();
  }

  @Override
  public String form() {
    return number
        ? "End your reply with your final answer, a number, in double square brackets, such as"
            + " [[-12.5]]."
        : "End your reply with your final answer, in a few words, in double square brackets, such"
            + " as [[Lisbon]].";
  }
}
