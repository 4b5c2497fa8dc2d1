package org.alignment4j.interp.steer;

import org.apiguardian.api.API;

/**
 * A question whose answers are letters in parentheses, {@code (A)} or {@code (B)}.
 *
 * @param prompt everything before the opening parenthesis
 * @param positive letter of the answer that shows the behaviour
 * @param negative letter of the other
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LetterQuestion(String prompt, String positive, String negative) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a letter is empty or both are the same
   */
  public LetterQuestion {
    if (positive.isEmpty() || negative.isEmpty() || positive.equals(negative)) {
      throw new IllegalArgumentException(
          "letters must be two different ones but were '" + positive + "' and '" + negative + "'");
    }
  }
}
