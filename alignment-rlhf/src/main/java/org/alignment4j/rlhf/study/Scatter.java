package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.core.report.Chart;

/** Points of a chart that no line joins. */
final class Scatter {

  /** Charts mark the points of series up to twice this size. */
  private static final int PART = 12;

  private Scatter() {}

  /** The points with a break after each, in series that are short enough to be marked. */
  static List<List<Chart.Point>> of(List<Chart.Point> points) {
    List<List<Chart.Point>> parts = new ArrayList<>();
    for (int from = 0; from < points.size(); from += PART) {
      List<Chart.Point> part = new ArrayList<>();
      for (Chart.Point point : points.subList(from, Math.min(points.size(), from + PART))) {
        part.add(point);
        part.add(Chart.Point.of(Double.NaN, Double.NaN));
      }
      parts.add(part.subList(0, part.size() - 1));
    }
    return parts;
  }
}
