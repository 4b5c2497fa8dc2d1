package org.alignment4j.eval.inner.world;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What an episode came to.
 *
 * @param ending how it ended
 * @param capability from 0 to 1, what the policy was able to do: reach an end of the level, whether
 *     goal or proxy; of keys, the share taken of those that the chests need
 * @param goal from 0 to 1, what was wanted: the coin, the cheese, the share of the chests that can
 *     be opened
 * @param inventory keys carried at the end
 * @param steps steps taken
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Outcome(Ending ending, double capability, double goal, int inventory, int steps) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a score is outside [0, 1] or a count negative
   */
  public Outcome {
    Objects.requireNonNull(ending, "ending");
    if (!(capability >= 0 && capability <= 1 && goal >= 0 && goal <= 1)) {
      throw new IllegalArgumentException(
          "capability and goal must be in [0, 1] but were " + capability + " and " + goal);
    }
    if (inventory < 0 || steps < 0) {
      throw new IllegalArgumentException(
          "inventory and steps must not be negative but were " + inventory + " and " + steps);
    }
  }
}
