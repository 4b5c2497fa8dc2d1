package org.alignment4j.eval.inner.world;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a policy sees: never the level itself, and not which of two things is the goal.
 *
 * @param blocked a bit for each {@link Action} by its ordinal, set when a wall or the border blocks
 *     the way
 * @param goal where the nearest goal lies: coin, cheese, chest
 * @param proxy where the nearest proxy lies: far end, corner, key
 * @param carrying whether a key is carried
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Observation(int blocked, Heading goal, Heading proxy, boolean carrying) {

  /** Checks that nothing is missing. */
  public Observation {
    Objects.requireNonNull(goal, "goal");
    Objects.requireNonNull(proxy, "proxy");
  }

  /**
   * Returns whether the way is free.
   *
   * @param action the step
   * @return false when it would lead into a wall
   */
  public boolean free(Action action) {
    return (blocked & 1 << action.ordinal()) == 0;
  }
}
