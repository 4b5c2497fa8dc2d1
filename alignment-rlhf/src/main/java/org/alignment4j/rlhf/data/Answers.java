package org.alignment4j.rlhf.data;

import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Answers to one prompt as tokens.
 *
 * @param prompt tokens that all answers follow, at least one
 * @param answers tokens of each answer, end token included, at least one answer and one token each
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Answers(TokenIds prompt, List<TokenIds> answers) {

  /**
   * Copies and checks.
   *
   * @throws IllegalArgumentException when there is no answer, or a part has no token
   */
  public Answers {
    answers = List.copyOf(answers);
    if (prompt.isEmpty() || answers.isEmpty() || answers.stream().anyMatch(TokenIds::isEmpty)) {
      throw new IllegalArgumentException(
          "a prompt and each of one or more answers must have tokens but have %s and %s"
              .formatted(prompt.size(), answers.stream().map(TokenIds::size).toList()));
    }
  }

  /**
   * Returns the columns these take in a row where the answers share the prompt.
   *
   * @return tokens of the prompt and of all answers
   */
  public int length() {
    return length(Integer.MAX_VALUE);
  }

  /**
   * Returns the columns these take in a row where short answers share the prompt and each long one
   * has a copy of it.
   *
   * @param sharedLength tokens, prompt included, up to which an answer shares the prompt
   * @return tokens of all copies of the prompt and of all answers
   */
  public int length(int sharedLength) {
    return PromptCopies.length(prompt, answers, sharedLength);
  }
}
