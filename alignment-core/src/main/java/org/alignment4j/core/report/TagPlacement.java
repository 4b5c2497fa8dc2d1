package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds a place beside a point for its tag: the first of eight around it that meets no whisker, no
 * marker, no line and no other tag, or the one that meets fewest. Coordinates are pixels,
 * downwards. Not thread-safe.
 */
final class TagPlacement {

  /** Width of a letter and height of a capital at the larger size that phones get. */
  private static final double LETTER = 9;

  private static final double HEIGHT = 13;

  /** From the point to the tag, farther than a whisker's cap. */
  private static final double NEAR = 10;

  private static final double FAR = 24;

  /** What stays free around whiskers and markers. */
  private static final double GAP = 2;

  private static final int OUTSIDE = 1000;
  private static final int COVERED = 10;

  private final Box frame;
  private final List<Box> covered = new ArrayList<>();
  private final List<Stroke> lines = new ArrayList<>();

  TagPlacement(double left, double top, double right, double bottom) {
    this.frame = new Box(left, top, right, bottom);
  }

  /** A tag's place: its anchor at the base line, and the side of the anchor it lies on. */
  record Place(double x, double y, boolean left) {}

  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }

    boolean holds(Box other) {
      return left <= other.left
          && top <= other.top
          && right >= other.right
          && bottom >= other.bottom;
    }
  }

  private record Stroke(double x1, double y1, double x2, double y2) {

    /** Whether a part of the stroke lies within a box (Liang and Barsky's clipping). */
    boolean meets(Box box) {
      double[] part = {0, 1};
      return clip(x1 - x2, x1 - box.left, part)
          && clip(x2 - x1, box.right - x1, part)
          && clip(y1 - y2, y1 - box.top, part)
          && clip(y2 - y1, box.bottom - y1, part);
    }

    private static boolean clip(double direction, double distance, double[] part) {
      if (direction == 0) {
        return distance >= 0;
      }
      double at = distance / direction;
      if (direction < 0) {
        part[0] = Math.max(part[0], at);
      } else {
        part[1] = Math.min(part[1], at);
      }
      return part[0] <= part[1];
    }
  }

  /** Keeps a whisker or marker free, given by two opposite corners. */
  void cover(double x1, double y1, double x2, double y2) {
    covered.add(
        new Box(
            Math.min(x1, x2) - GAP,
            Math.min(y1, y2) - GAP,
            Math.max(x1, x2) + GAP,
            Math.max(y1, y2) + GAP));
  }

  /** Keeps a line free where that is possible. */
  void line(double x1, double y1, double x2, double y2) {
    lines.add(new Stroke(x1, y1, x2, y2));
  }

  /** Finds the place of a tag, which other tags keep free from now on. */
  Place place(double x, double y, int letters) {
    Place best = new Place(x, y, false);
    Box taken = frame;
    int least = Integer.MAX_VALUE;
    for (double distance : new double[] {NEAR, FAR}) {
      for (double base : new double[] {y - distance, y + distance + HEIGHT}) {
        for (boolean left : new boolean[] {false, true}) {
          Place place = new Place(left ? x - NEAR : x + NEAR, base, left);
          Box box = box(place, letters);
          int cost = cost(box);
          if (cost < least) {
            least = cost;
            best = place;
            taken = box;
          }
        }
      }
    }
    covered.add(taken);
    return best;
  }

  private static Box box(Place place, int letters) {
    double width = letters * LETTER;
    double start = place.left() ? place.x() - width : place.x();
    return new Box(start, place.y() - HEIGHT, start + width, place.y());
  }

  private int cost(Box box) {
    int cost = frame.holds(box) ? 0 : OUTSIDE;
    for (Box other : covered) {
      cost += box.meets(other) ? COVERED : 0;
    }
    for (Stroke line : lines) {
      cost += line.meets(box) ? 1 : 0;
    }
    return cost;
  }
}
