package org.alignment4j.rlhf.data;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * A prompt and several answers to it one after another, each behind a marker that says of what kind
 * it is. Of such a sequence only the answers are learnt.
 *
 * @param prompt what was asked: a text, or a conversation that ends with a message of the user
 * @param links markers and answers in order, at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AnswerChain(Prompt prompt, List<Link> links) {

  /**
   * An answer behind its marker.
   *
   * @param marker says what kind of answer follows, not empty
   * @param answer the answer, not empty
   */
  public record Link(String marker, String answer) {
    /**
     * Checks the texts.
     *
     * @throws IllegalArgumentException when one is empty
     */
    public Link {
      if (marker.isEmpty() || answer.isEmpty()) {
        throw new IllegalArgumentException(
            "marker and answer must not be empty but were '" + marker + "' and '" + answer + "'");
      }
    }
  }

  /**
   * Copies and checks.
   *
   * @throws IllegalArgumentException when there is no link
   */
  public AnswerChain {
    Objects.requireNonNull(prompt, "prompt");
    links = List.copyOf(links);
    if (links.isEmpty()) {
      throw new IllegalArgumentException("links must hold at least one answer but were empty");
    }
  }
}
