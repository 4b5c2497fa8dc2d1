package org.alignment4j.rlhf.data;

import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * An answer that was found good or bad, as tokens.
 *
 * @param index where it was among those given
 * @param prompt tokens the answer follows, at least one
 * @param answer tokens of the answer, end token included, at least one
 * @param desirable whether it was found good
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnpairedExample(int index, TokenIds prompt, TokenIds answer, boolean desirable) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a part is empty
   */
  public UnpairedExample {
    if (prompt.isEmpty() || answer.isEmpty()) {
      throw new IllegalArgumentException(
          "prompt and answer of example %s must have tokens but have %s and %s"
              .formatted(index, prompt.size(), answer.size()));
    }
  }

  /**
   * Returns prompt and answer without the label.
   *
   * @return a prompt with one answer
   */
  public Answers answers() {
    return new Answers(prompt, List.of(answer));
  }
}
