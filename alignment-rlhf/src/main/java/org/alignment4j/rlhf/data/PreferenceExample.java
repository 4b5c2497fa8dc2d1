package org.alignment4j.rlhf.data;

import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A preference pair as tokens.
 *
 * @param index where the pair was among those given
 * @param prompt tokens both answers follow, at least one
 * @param chosen tokens of the preferred answer, end token included, at least one
 * @param rejected tokens of the other answer, end token included, at least one
 * @param probability that {@code chosen} is the better one, in [0, 1]
 * @param margin by how much {@code chosen} is better, on the annotator's scale; 0 when not graded
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PreferenceExample(
    int index,
    TokenIds prompt,
    TokenIds chosen,
    TokenIds rejected,
    double probability,
    double margin) {

  /**
   * Creates a pair without margin.
   *
   * @param index where the pair was among those given
   * @param prompt tokens both answers follow, at least one
   * @param chosen tokens of the preferred answer, end token included, at least one
   * @param rejected tokens of the other answer, end token included, at least one
   * @param probability that {@code chosen} is the better one, in [0, 1]
   */
  public PreferenceExample(
      int index, TokenIds prompt, TokenIds chosen, TokenIds rejected, double probability) {
    this(index, prompt, chosen, rejected, probability, 0);
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a part is empty, the answers are equal, the probability
   *     is out of range, or the margin is not finite
   */
  public PreferenceExample {
    if (prompt.isEmpty() || chosen.isEmpty() || rejected.isEmpty()) {
      throw new IllegalArgumentException(
          "prompt, chosen and rejected of pair %s must have tokens but have %s, %s and %s"
              .formatted(index, prompt.size(), chosen.size(), rejected.size()));
    }
    if (chosen.equals(rejected)) {
      throw new IllegalArgumentException(
          "chosen and rejected of pair %s must differ but have the same tokens".formatted(index));
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be in [0, 1] but was " + probability);
    }
    if (!Double.isFinite(margin)) {
      throw new IllegalArgumentException("margin must be finite but was " + margin);
    }
  }

  /**
   * Returns the columns this pair takes in a row where its answers share the prompt.
   *
   * @return tokens of the prompt and of both answers
   */
  public int length() {
    return length(Integer.MAX_VALUE);
  }

  /**
   * Returns the columns this pair takes in a row where short answers share the prompt and each long
   * one has a copy of it.
   *
   * @param sharedLength tokens, prompt included, up to which an answer shares the prompt
   * @return tokens of all copies of the prompt and of both answers
   */
  public int length(int sharedLength) {
    return PromptCopies.length(prompt, List.of(chosen, rejected), sharedLength);
  }

  /**
   * Returns the tokens that both answers have places for.
   *
   * @return tokens of the shorter answer
   */
  public int sharedTokens() {
    return Math.min(chosen.size(), rejected.size());
  }
}
