package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.alignment4j.core.report.Chart;

/**
 * Leaves the labels of points out that lie beside one with a label, where texts would cross each
 * other out. Owned by one chart.
 */
final class Labels {

  /** A line of text, and about half the width of a label, as shares of the chart. */
  private static final double HEIGHT = 0.07;

  private static final double WIDTH = 0.15;

  private final double width;
  private final double height;
  private final List<Chart.Point> labelled = new ArrayList<>();

  /**
   * Measures a chart.
   *
   * @param all the points it will show
   */
  Labels(List<Chart.Point> all) {
    this.width = WIDTH * range(all, Chart.Point::x);
    this.height = HEIGHT * range(all, Chart.Point::y);
  }

  private static double range(List<Chart.Point> points, ToDoubleFunction<Chart.Point> value) {
    return points.stream().mapToDouble(value).max().orElse(0)
        - points.stream().mapToDouble(value).min().orElse(0);
  }

  /** The point, without its label where another's is too near. */
  Chart.Point thinned(Chart.Point point) {
    boolean crowded =
        labelled.stream()
            .anyMatch(
                p -> Math.abs(p.x() - point.x()) <= width && Math.abs(p.y() - point.y()) <= height);
    if (!crowded) {
      labelled.add(point);
      return point;
    }
    return new Chart.Point(
        point.x(), point.y(), point.xLow(), point.xHigh(), point.yLow(), point.yHigh(), "");
  }
}
