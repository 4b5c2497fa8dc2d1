package org.alignment4j.oversight.forecast;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The form of a probability: the last {@code [[0.35]]} or {@code [[35 %]]} of a reply, or a reply
 * that is nothing but that. What is outside of [0, 1] is none. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ProbabilityForm implements ReplyParser<Double> {
  private static final String AMOUNT =
      "([+\\-\u2212]?[0-9]{0,15}\\.?[0-9]{1,15})\\s?(%|(?i:per\\s?cent)\\b)?";
  private static final Pattern BOX = Pattern.compile("\\[\\[([^\\[\\]\\n]{1,200})\\]\\]");
  private static final Pattern WHOLE = Pattern.compile(AMOUNT + "\\.?");
  private static final Pattern WITHIN = Pattern.compile("(?<![0-9.,])" + AMOUNT);

  private final boolean unboxed;

  private ProbabilityForm(boolean unboxed) {
    this.unboxed = unboxed;
  }

  /** Returns the strict form. */
  public static ProbabilityForm boxed() {
    return new ProbabilityForm(false);
  }

  /**
   * Returns the form that takes the last number of a reply in which none is boxed, as published
   * evaluations do. A reply that was cut off has none.
   */
  public static ProbabilityForm lastNumber() {
    return new ProbabilityForm(true);
  }

  @Override
  public Parsed<Double> parse(Reply reply) {
    String text = reply.text().strip();
    Matcher boxes = BOX.matcher(text);
    String found = null;
    int end = 0;
    while (boxes.find()) {
      found = boxes.group(1).strip();
      end = boxes.end();
    }
    if (found != null) {
      return reply.truncated() && end < text.length()
          ? new Parsed.Nothing<>("it was cut off before its end.")
          : value(WHOLE.matcher(found));
    }
    if (reply.truncated()) {
      return new Parsed.Nothing<>("it was cut off before its end.");
    }
    return unboxed ? last(text) : value(WHOLE.matcher(text));
  }

  private static Parsed<Double> value(Matcher number) {
    return number.matches()
        ? probability(number.group(1), number.group(2))
        : new Parsed.Nothing<>("it has no probability in double square brackets.");
  }

  private static Parsed<Double> last(String text) {
    Matcher numbers = WITHIN.matcher(text);
    Parsed<Double> last = new Parsed.Nothing<>("it has no number.");
    while (numbers.find()) {
      last = probability(numbers.group(1), numbers.group(2));
    }
    return last;
  }

  private static Parsed<Double> probability(String digits, @Nullable String percent) {
    double number = Double.parseDouble(digits.replace('\u2212', '-'));
    double value = percent == null ? number : number / 100;
    return value >= 0 && value <= 1
        ? new Parsed.Value<>(value + 0.0)
        : new Parsed.Nothing<>("its probability is not from 0 to 1.");
  }

  @Override
  public String form() {
    return "End your reply with the probability, from 0 to 1, in double square brackets, such as"
        + " [[0.35]].";
  }
}
