package org.alignment4j.oversight.decompose;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/**
 * Reads an answer in quotation marks: it ends at the closing one, or where the reply does. A reply
 * without them is the answer when it is one short line.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QuotedAnswer implements ReplyParser<String> {
  private static final Pattern OPENING = Pattern.compile("[\"\u201c]");
  private static final Pattern CLOSING = Pattern.compile("[\"\u201d]");
  private static final int SHORT = 200;

  private final boolean opened;

  private QuotedAnswer(boolean opened) {
    this.opened = opened;
  }

  /** Returns the form in which a reply has the answer between quotation marks. */
  public static QuotedAnswer within() {
    return new QuotedAnswer(false);
  }

  /** Returns the form of replies to prompts that end with the opening quotation mark. */
  public static QuotedAnswer continued() {
    return new QuotedAnswer(true);
  }

  @Override
  public Parsed<String> parse(Reply reply) {
    String rest = reply.text();
    if (!opened) {
      Matcher opening = OPENING.matcher(rest);
      if (!opening.find()) {
        String whole = rest.strip();
        return whole.isEmpty() || whole.length() > SHORT || whole.contains("\n")
            ? new Parsed.Nothing<>("it has no answer in quotation marks.")
            : ended(whole, reply.truncated());
      }
      rest = rest.substring(opening.end());
    }
    Matcher closing = CLOSING.matcher(rest);
    return closing.find()
        ? ended(rest.substring(0, closing.start()).strip(), false)
        : ended(rest.strip(), reply.truncated());
  }

  private static Parsed<String> ended(String answer, boolean cut) {
    if (answer.isEmpty()) {
      return new Parsed.Nothing<>("its answer is empty.");
    }
    return cut
        ? new Parsed.Nothing<>("its answer was cut off before the closing quotation mark.")
        : new Parsed.Value<>(answer);
  }

  @Override
  public String form() {
    return "Give the answer in double quotation marks and nothing else.";
  }
}
