package org.alignment4j.oversight.society;

import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a moderator came to after a round.
 *
 * @param answer the answer, in the form of answers, which ends the debate; empty for no preference
 * @param side whom the moderator sides with
 * @param reasons what the moderator said for it; may be empty
 * @param valid whether a reply could be read; one that could not is no preference
 * @param attempts how many replies were drawn, at least 1
 * @param usage what all attempts cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Moderation(
    Optional<String> answer, Side side, String reasons, boolean valid, int attempts, Usage usage) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there was no attempt, or an invalid moderation has an
   *     answer
   */
  public Moderation {
    Objects.requireNonNull(side, "side");
    Objects.requireNonNull(reasons, "reasons");
    Objects.requireNonNull(usage, "usage");
    if (attempts < 1 || (answer.isPresent() && !valid)) {
      throw new IllegalArgumentException(
          "attempts must be at least 1, and an invalid moderation without answer, but there were "
              + attempts
              + " attempts and the answer "
              + answer);
    }
  }
}
