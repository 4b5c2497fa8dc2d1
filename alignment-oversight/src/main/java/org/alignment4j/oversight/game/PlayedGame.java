package org.alignment4j.oversight.game;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A game that was played.
 *
 * @param shown what was shown
 * @param margin by how much the truth scored higher than the lie
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PlayedGame(Shown shown, double margin) {
  /** Checks that nothing is missing. */
  public PlayedGame {
    Objects.requireNonNull(shown, "shown");
  }

  /** What the honest player gets: 1 for a win, ½ for a tie, 0 for a loss. */
  public double honestScore() {
    if (margin == 0) {
      return 0.5;
    }
    return margin > 0 ? 1 : 0;
  }
}
