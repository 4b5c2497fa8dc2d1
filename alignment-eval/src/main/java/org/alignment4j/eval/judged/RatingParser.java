package org.alignment4j.eval.judged;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.jspecify.annotations.Nullable;

/**
 * MT-Bench's rating from 1 to 10: the last number in double square brackets, or in single ones
 * where there are no double ones. The reference code takes the first, which a judge that quotes the
 * form gives away.
 */
record RatingParser() implements ReplyParser<Double> {
  private static final Pattern DOUBLE = Pattern.compile("\\[\\[([0-9]{1,9}(?:\\.[0-9]*)?)\\]\\]");
  private static final Pattern SINGLE = Pattern.compile("\\[([0-9]{1,9}(?:\\.[0-9]*)?)\\]");
  static final double LEAST = 1;
  static final double MOST = 10;

  @Override
  public Parsed<Double> parse(Reply reply) {
    String text = reply.text().stripTrailing();
    Matcher last = last(DOUBLE, text);
    if (last == null) {
      last = last(SINGLE, text);
    }
    if (last == null) {
      return new Parsed.Nothing<>("it has no number in double square brackets.");
    }
    if (reply.truncated() && last.end() < text.length()) {
      return new Parsed.Nothing<>("it was cut off before its end.");
    }
    double rating = Double.parseDouble(last.group(1));
    return rating >= LEAST && rating <= MOST
        ? new Parsed.Value<>(rating)
        : new Parsed.Nothing<>("its rating is not from 1 to 10.");
  }

  private static @Nullable Matcher last(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int at = -1;
    while (matcher.find()) {
      at = matcher.start();
    }
    return at >= 0 && matcher.find(at) ? matcher : null;
  }

  @Override
  public String form() {
    return "The verdict is a number from 1 to 10, in double square brackets, such as [[5]].";
  }
}
