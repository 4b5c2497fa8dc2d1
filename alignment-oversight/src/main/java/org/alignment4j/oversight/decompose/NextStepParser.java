package org.alignment4j.oversight.decompose;

import java.util.List;
import java.util.Locale;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/** Reads the first line that begins with {@code Ask:} or {@code Answer:}. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NextStepParser implements ReplyParser<NextStep> {
  private static final String ASK = "ask:";
  private static final String ANSWER = "answer:";

  /** Creates a parser. */
  public NextStepParser() {}

  @Override
  public Parsed<NextStep> parse(Reply reply) {
    List<String> lines = reply.text().strip().lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String lower = line.toLowerCase(Locale.ROOT);
      boolean step = lower.startsWith(ASK) || lower.startsWith(ANSWER);
      if (step && reply.truncated() && i == lines.size() - 1) {
        return new Parsed.Nothing<>("it was cut off before its end.");
      }
      if (lower.startsWith(ASK)) {
        String question = line.substring(ASK.length()).strip();
        return question.isEmpty()
            ? new Parsed.Nothing<>("it asks nothing.")
            : new Parsed.Value<>(new NextStep.Ask(question));
      }
      if (lower.startsWith(ANSWER)) {
        String answer = line.substring(ANSWER.length()).strip();
        return answer.isEmpty()
            ? new Parsed.Nothing<>("its answer is empty.")
            : new Parsed.Value<>(new NextStep.Answer(answer));
      }
    }
    return new Parsed.Nothing<>("it has no line that begins with Ask: or Answer:.");
  }

  @Override
  public String form() {
    return "Write one line: \"Ask:\" and a question, or \"Answer:\" and the answer.";
  }
}
