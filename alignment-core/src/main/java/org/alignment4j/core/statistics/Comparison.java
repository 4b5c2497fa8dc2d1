package org.alignment4j.core.statistics;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The outcome of one comparison of two players, such as a judge's verdict on two models' answers.
 * Name players by what identifies them (model and configuration), not by a display name that two of
 * them may share.
 *
 * @param first one player
 * @param second another player
 * @param outcome who was better
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record Comparison(String first, String second, Outcome outcome) {

  /** Who was better. */
  public enum Outcome {
    /** The first player. */
    FIRST(1),
    /** The second player. */
    SECOND(0),
    /** Neither: half a win for each. */
    TIE(0.5);

    private final double score;

    Outcome(double score) {
      this.score = score;
    }

    /** The first player's share of the win: 1, ½ or 0. */
    double score() {
      return score;
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a player is blank or compared with itself
   */
  public Comparison {
    Objects.requireNonNull(outcome, "outcome");
    if (first.isBlank() || second.isBlank()) {
      throw new IllegalArgumentException(
          "players must not be blank but were '" + first + "' and '" + second + "'");
    }
    if (first.equals(second)) {
      throw new IllegalArgumentException("a player must not be compared with itself: " + first);
    }
  }

  /** The first player was better. */
  public static Comparison first(String first, String second) {
    return new Comparison(first, second, Outcome.FIRST);
  }

  /** The second player was better. */
  public static Comparison second(String first, String second) {
    return new Comparison(first, second, Outcome.SECOND);
  }

  /** Neither player was better. */
  public static Comparison tie(String first, String second) {
    return new Comparison(first, second, Outcome.TIE);
  }
}
