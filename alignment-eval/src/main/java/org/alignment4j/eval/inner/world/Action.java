package org.alignment4j.eval.inner.world;

import org.apiguardian.api.API;

/** A step to a neighbouring cell. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Action {
  /** Towards row 0. */
  UP(0, -1),
  /** Away from row 0. */
  DOWN(0, 1),
  /** Towards column 0. */
  LEFT(-1, 0),
  /** Away from column 0. */
  RIGHT(1, 0);

  private final int dx;
  private final int dy;

  Action(int dx, int dy) {
    this.dx = dx;
    this.dy = dy;
  }

  Cell from(Cell cell) {
    return new Cell(cell.x() + dx, cell.y() + dy);
  }
}
