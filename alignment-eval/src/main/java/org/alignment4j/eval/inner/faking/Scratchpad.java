package org.alignment4j.eval.inner.faking;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * An answer taken apart into hidden reasoning and what is meant to be read.
 *
 * @param reasoning what stands between {@code <scratchpad>} and {@code </scratchpad>}, the last
 *     such part when there are several; empty when there is none or it is blank
 * @param answer the rest; when the scratchpad is not closed there is no answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Scratchpad(Optional<String> reasoning, String answer) {

  private static final Pattern CLOSED =
      Pattern.compile("<scratchpad>(.*?)</scratchpad>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  private static final Pattern OPEN =
      Pattern.compile("<scratchpad>(.*)", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  /** Checks that nothing is missing. */
  public Scratchpad {
    Objects.requireNonNull(reasoning, "reasoning");
    Objects.requireNonNull(answer, "answer");
  }

  /**
   * Takes a text apart.
   *
   * @param text what the model wrote
   * @return its parts, without outer white space
   */
  public static Scratchpad of(String text) {
    Matcher closed = CLOSED.matcher(text);
    String reasoning = "";
    StringBuilder answer = new StringBuilder();
    while (closed.find()) {
      reasoning = closed.group(1).strip();
      closed.appendReplacement(answer, " ");
    }
    closed.appendTail(answer);
    Matcher open = OPEN.matcher(answer);
    if (open.find()) {
      reasoning = open.group(1).strip();
      answer.setLength(open.start());
    }
    return new Scratchpad(
        reasoning.isEmpty() ? Optional.empty() : Optional.of(reasoning), answer.toString().strip());
  }
}
