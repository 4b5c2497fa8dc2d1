package org.alignment4j.oversight.society;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.Speech;
import org.apiguardian.api.API;

/**
 * The form of a list of answers: each in double square brackets, in the form of answers, at least
 * one. Immutable.
 *
 * @param answers the form of each
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CandidateList(ReplyParser<String> answers) implements ReplyParser<Speech> {
  private static final Pattern LISTED = Pattern.compile("\\[\\[[^\\[\\]\\n]{1,200}\\]\\]");

  /** Checks that nothing is missing. */
  public CandidateList {
    Objects.requireNonNull(answers, "answers");
  }

  /** Returns the different answers of a list, in order; those out of form are left out. */
  public List<String> read(String list) {
    Set<String> found = new LinkedHashSet<>();
    Matcher listed = LISTED.matcher(list);
    while (listed.find()) {
      if (answers.parse(new Reply(listed.group(), false)) instanceof Parsed.Value<String> value) {
        found.add(value.value());
      }
    }
    return List.copyOf(found);
  }

  @Override
  public Parsed<Speech> parse(Reply reply) {
    if (reply.truncated()) {
      return new Parsed.Nothing<>("it was cut off before its end.");
    }
    return read(reply.text()).isEmpty()
        ? new Parsed.Nothing<>("it lists no answer in double square brackets.")
        : new Parsed.Value<>(new Speech(reply.text().strip(), ""));
  }

  @Override
  public String form() {
    return "List each different answer once, on a line of its own, without reasons, in double"
        + " square brackets. This is the form of an answer: "
        + answers.form();
  }
}
