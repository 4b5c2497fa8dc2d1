package org.alignment4j.oversight.decompose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;

/**
 * Reads one subquestion a line, without bullets and numbers. Empty lines and copies of a question
 * above are left out, and so is a last line that was cut off. That none is left is a result: the
 * question is answered directly then.
 */
final class SubquestionParser implements ReplyParser<Subquestions> {
  private static final Pattern BULLET =
      Pattern.compile("\\A\\s*(?:[-*+\u2022\u2013]\\s+|\\(?(?:\\d{1,3}|[a-zA-Z])[.):]\\s+)+");

  private final Set<String> above;
  private final int most;

  /**
   * Creates a parser.
   *
   * @param above the question itself and those it is part of, normalised
   * @param most how many subquestions are kept
   */
  SubquestionParser(Set<String> above, int most) {
    this.above = above;
    this.most = most;
  }

  /** What two spellings of one question have in common. */
  static String normal(String question) {
    return question
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", " ")
        .replaceAll("[\\s?!.]+\\z", "");
  }

  @Override
  public Parsed<Subquestions> parse(Reply reply) {
    List<String> lines = new ArrayList<>(reply.text().lines().toList());
    if (reply.truncated() && !lines.isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    List<String> kept = new ArrayList<>();
    int dropped = 0;
    for (String line : lines) {
      String question = BULLET.matcher(line).replaceFirst("").strip();
      String normal = normal(question);
      if (normal.isEmpty()) {
        continue;
      }
      if (above.contains(normal)) {
        dropped++;
      } else if (kept.size() < most) {
        kept.add(question);
      }
    }
    return new Parsed.Value<>(new Subquestions(kept, dropped));
  }

  @Override
  public String form() {
    return "Write one question a line and nothing else.";
  }
}
