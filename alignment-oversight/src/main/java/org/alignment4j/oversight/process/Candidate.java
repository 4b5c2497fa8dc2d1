package org.alignment4j.oversight.process;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * One sampled solution of a problem.
 *
 * @param score what a verifier says of it; higher is better, −∞ is allowed
 * @param answer its final answer; empty where it has none, so that it is never chosen
 * @param right whether the answer is right
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Candidate(double score, String answer, boolean right) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the score is no number, or no answer is right
   */
  public Candidate {
    Objects.requireNonNull(answer, "answer");
    if (Double.isNaN(score) || (right && answer.isEmpty())) {
      throw new IllegalArgumentException(
          "a candidate must have a score that is a number, and an answer where it is right, but"
              + " score, answer and right were "
              + score
              + ", '"
              + answer
              + "' and "
              + right);
    }
  }
}
