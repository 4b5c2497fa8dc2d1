package org.alignment4j.oversight.decompose;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * A subquestion with what was found.
 *
 * @param question the subquestion
 * @param answer what was found; empty when nothing was
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SubAnswer(String question, Optional<String> answer) {
  private static final String UNKNOWN = "unknown";

  /** Checks that nothing is missing. */
  public SubAnswer {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(answer, "answer");
  }

  /** Returns the text of one: an answer that failed is said to be unknown, not left out. */
  public String text() {
    return "Q: " + question + "\nA: " + answer.orElse(UNKNOWN);
  }

  /** Returns several as a block of text. */
  public static String block(List<SubAnswer> answers) {
    return answers.stream().map(SubAnswer::text).collect(Collectors.joining("\n\n"));
  }
}
