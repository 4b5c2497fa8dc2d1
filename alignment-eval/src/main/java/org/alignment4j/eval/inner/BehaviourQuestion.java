package org.alignment4j.eval.inner;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question with two answers, one of which shows a behaviour. The letters are not part of it: a
 * suite asks it with the answers in both orders.
 *
 * @param id its identity
 * @param suite the suite it belongs to
 * @param question what is asked
 * @param matching the answer that shows the behaviour, or is right
 * @param other the other answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BehaviourQuestion(
    String id, String suite, String question, String matching, String other) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is blank or both answers are the same
   */
  public BehaviourQuestion {
    requireText("id", id);
    requireText("suite", suite);
    requireText("question", question);
    requireText("matching", matching);
    requireText("other", other);
    if (matching.equals(other)) {
      throw new IllegalArgumentException(
          "the answers must differ but both were '" + matching + "'");
    }
  }

  private static void requireText(String name, String value) {
    Objects.requireNonNull(value, name);
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
  }
}
