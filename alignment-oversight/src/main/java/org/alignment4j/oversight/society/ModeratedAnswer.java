package org.alignment4j.oversight.society;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * What a moderated debate came to.
 *
 * @param answer the answer; empty when none could be read or the budget ended the debate
 * @param by who gave it
 * @param side whom the last moderation sided with
 * @param rounds answers of affirmative and negative by round; empty where none could be read
 * @param invalidModerations moderations that could not be read and counted as no preference
 * @param candidates what the final judge chose from; empty when the moderator decided
 * @param diversity {@code 100 − Self-BLEU} of the debate's first turn and each round's last one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModeratedAnswer(
    Optional<String> answer,
    Decider by,
    Side side,
    List<List<Optional<String>>> rounds,
    int invalidModerations,
    List<String> candidates,
    List<Double> diversity) {

  /** Who decided. */
  public enum Decider {
    /** The moderator ended the debate. */
    MODERATOR,
    /** The judge after the last round. */
    JUDGE,
    /** Nobody: nothing could be read, or the budget ended first. */
    NOBODY
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is an answer that nobody gave, or the other way round
   */
  public ModeratedAnswer {
    Objects.requireNonNull(side, "side");
    rounds = rounds.stream().map(List::copyOf).toList();
    candidates = List.copyOf(candidates);
    diversity = List.copyOf(diversity);
    if (answer.isPresent() == (by == Decider.NOBODY)) {
      throw new IllegalArgumentException(
          "an answer must have been given by somebody but there were " + answer + " and " + by);
    }
  }

  /** How many rounds were held. */
  public int roundsUsed() {
    return rounds.size();
  }

  /** How far the last round's last turn differs from the first turn, in [0, 100]. */
  public OptionalDouble finalDiversity() {
    return diversity.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(diversity.get(diversity.size() - 1));
  }
}
