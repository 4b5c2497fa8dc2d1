package org.alignment4j.core.judge;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** See {@link ReplyParser#score}. */
final class ScoreParser implements ReplyParser<Double> {
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,15}(?:\\.[0-9]{1,15})?");

  private final double min;
  private final double max;

  ScoreParser(double min, double max) {
    if (!(min < max) || Double.isInfinite(min) || Double.isInfinite(max)) {
      throw new IllegalArgumentException(
          "min must be finite and below max but they were " + min + " and " + max);
    }
    this.min = min;
    this.max = max;
  }

  @Override
  public Parsed<Double> parse(Reply reply) {
    Parsed<String> last = Bracketed.last(reply);
    if (!(last instanceof Parsed.Value<String> found)) {
      return new Parsed.Nothing<>(((Parsed.Nothing<String>) last).problem());
    }
    if (!NUMBER.matcher(found.value()).matches()) {
      return new Parsed.Nothing<>("its verdict is not a number.");
    }
    double score = Double.parseDouble(found.value());
    if (score < min || score > max) {
      return new Parsed.Nothing<>("its score is not " + range() + ".");
    }
    return new Parsed.Value<>(score);
  }

  private String range() {
    return "from " + shown(min) + " to " + shown(max);
  }

  private static String shown(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  @Override
  public String form() {
    return "The verdict is a number "
        + range()
        + ", in double square brackets, such as [["
        + shown(max)
        + "]].";
  }
}
