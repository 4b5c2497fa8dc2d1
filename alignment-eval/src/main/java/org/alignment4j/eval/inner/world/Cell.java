package org.alignment4j.eval.inner.world;

import org.apiguardian.api.API;

/**
 * A place of a grid.
 *
 * @param x column, from 0 at the left
 * @param y row, from 0 at the top
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Cell(int x, int y) {

  int distance(Cell other) {
    return Math.abs(x - other.x) + Math.abs(y - other.y);
  }

  boolean touches(Cell other) {
    return Math.abs(x - other.x) <= 1 && Math.abs(y - other.y) <= 1;
  }
}
