package org.alignment4j.oversight.amplify.task;

import org.apiguardian.api.API;

/**
 * The answers that a kind of question can have.
 *
 * @param low the lowest
 * @param high the highest
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AnswerRange(int low, int high) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there are fewer than two answers
   */
  public AnswerRange {
    if (low >= high) {
      throw new IllegalArgumentException(
          "low must be below high but they were " + low + " and " + high);
    }
  }

  /**
   * Returns another answer than the right one.
   *
   * @param right the right answer, in the range
   * @param number any number; which answer it is follows from it
   */
  int wrong(int right, long number) {
    int shift = 1 + (int) Math.floorMod(number, (long) high - low);
    return low + (int) Math.floorMod((long) right - low + shift, (long) high - low + 1);
  }
}
