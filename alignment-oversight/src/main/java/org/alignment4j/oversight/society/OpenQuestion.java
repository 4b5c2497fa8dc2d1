package org.alignment4j.oversight.society;

import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A question with a free answer. What is right is known to studies alone: no view holds it.
 *
 * @param id names it; unique within a run
 * @param text the question, with its options when there are some
 * @param answer the right answer, as an agent would give it; empty when unknown
 * @param cluster names what questions share that are not independent, such as their source text
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OpenQuestion(String id, String text, Optional<String> answer, String cluster) {

  /**
   * Checks that nothing is missing.
   *
   * @throws IllegalArgumentException if the id or the text is blank
   */
  public OpenQuestion {
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(cluster, "cluster");
    if (id.isBlank() || text.isBlank()) {
      throw new IllegalArgumentException(
          "a question's id and text must not be blank but were '" + id + "' and '" + text + "'");
    }
  }

  /** Returns a question with a known answer, a cluster of its own. */
  public static OpenQuestion of(String id, String text, String answer) {
    return new OpenQuestion(id, text, Optional.of(answer), id);
  }
}
