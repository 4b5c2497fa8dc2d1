package org.alignment4j.rlhf.data;

import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A rated answer as tokens.
 *
 * @param index where it was among those given
 * @param prompt tokens the answer follows, at least one
 * @param answer tokens of the answer, end token included, at least one
 * @param reward what the answer got, finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RatedExample(int index, TokenIds prompt, TokenIds answer, double reward) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a part is empty or the reward is not finite
   */
  public RatedExample {
    if (prompt.isEmpty() || answer.isEmpty() || !Double.isFinite(reward)) {
      throw new IllegalArgumentException(
          "prompt and answer of example %s must have tokens and its reward be finite but they are %s, %s and %s"
              .formatted(index, prompt.size(), answer.size(), reward));
    }
  }
}
