package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Answers to one prompt that are compared with each other. Immutable.
 *
 * @param prompt at least one token
 * @param answers at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardedGroup(TokenIds prompt, List<RewardedAnswer> answers) {

  /**
   * Checks that something is there.
   *
   * @throws IllegalArgumentException when there is no token or no answer
   */
  public RewardedGroup {
    Objects.requireNonNull(prompt, "prompt");
    answers = List.copyOf(answers);
    if (prompt.isEmpty() || answers.isEmpty()) {
      throw new IllegalArgumentException(
          "a group must have a prompt of at least one token and at least one answer but has %s and %s"
              .formatted(prompt.size(), answers.size()));
    }
  }
}
