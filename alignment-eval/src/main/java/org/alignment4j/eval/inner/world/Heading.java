package org.alignment4j.eval.inner.world;

import java.util.Set;
import org.apiguardian.api.API;

/**
 * Roughly where something lies, seen from a cell.
 *
 * @param dx −1 when it lies to the left, 1 to the right, 0 in the same column
 * @param dy −1 when it lies above, 1 below, 0 in the same row
 * @param present whether there is such a thing; both signs are 0 otherwise
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Heading(int dx, int dy, boolean present) {

  static final Heading NONE = new Heading(0, 0, false);

  static final int CODES = 10;

  /** Towards the nearest of several cells; of equally near ones the upper, then the left one. */
  static Heading towards(Cell from, Set<Cell> targets) {
    Cell nearest = null;
    for (Cell cell : targets) {
      if (nearest == null || before(from, cell, nearest)) {
        nearest = cell;
      }
    }
    return nearest == null
        ? NONE
        : new Heading(
            Integer.signum(nearest.x() - from.x()), Integer.signum(nearest.y() - from.y()), true);
  }

  private static boolean before(Cell from, Cell cell, Cell other) {
    int nearer = Integer.compare(cell.distance(from), other.distance(from));
    int higher = Integer.compare(cell.y(), other.y());
    return nearer < 0 || nearer == 0 && (higher < 0 || higher == 0 && cell.x() < other.x());
  }

  int code() {
    return present ? (dx + 1) * 3 + dy + 1 : CODES - 1;
  }
}
