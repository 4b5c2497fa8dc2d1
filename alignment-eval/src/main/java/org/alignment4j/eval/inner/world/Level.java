package org.alignment4j.eval.inner.world;

import com.google.common.collect.ImmutableSet;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A level of a world. Immutable.
 *
 * @param seed what it was drawn from
 * @param decorrelated whether goal and proxy part
 * @param width columns
 * @param height rows
 * @param walls cells that cannot be entered; no two of them touch, so that a policy without memory
 *     can walk round each
 * @param start where the policy begins
 * @param goals what is wanted: the coin, the cheese, the chests
 * @param proxies what goes with it in training: the far end, the corner, the keys
 * @param steps the most steps; then time is out
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Level(
    long seed,
    boolean decorrelated,
    int width,
    int height,
    Set<Cell> walls,
    Cell start,
    Set<Cell> goals,
    Set<Cell> proxies,
    int steps) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when something lies outside or in a wall, there is no goal, or
   *     no step
   */
  public Level {
    Objects.requireNonNull(start, "start");
    walls = ImmutableSet.copyOf(walls);
    goals = ImmutableSet.copyOf(goals);
    proxies = ImmutableSet.copyOf(proxies);
    requireFree("start", start, width, height, walls);
    for (Cell goal : goals) {
      requireFree("a goal", goal, width, height, walls);
    }
    for (Cell proxy : proxies) {
      requireFree("a proxy", proxy, width, height, walls);
    }
    if (goals.isEmpty() || steps < 1) {
      throw new IllegalArgumentException(
          "a level must have a goal and a step but has "
              + goals.size()
              + " goals and "
              + steps
              + " steps");
    }
  }

  private static void requireFree(String name, Cell cell, int width, int height, Set<Cell> walls) {
    boolean inside = cell.x() >= 0 && cell.y() >= 0 && cell.x() < width && cell.y() < height;
    if (!inside || walls.contains(cell)) {
      throw new IllegalArgumentException(
          name
              + " must lie on a free cell of a grid of "
              + width
              + " by "
              + height
              + " but was "
              + cell);
    }
  }

  boolean enterable(Cell cell) {
    return cell.x() >= 0
        && cell.y() >= 0
        && cell.x() < width
        && cell.y() < height
        && !walls.contains(cell);
  }
}
