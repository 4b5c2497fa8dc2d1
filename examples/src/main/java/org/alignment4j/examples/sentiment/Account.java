package org.alignment4j.examples.sentiment;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.core.report.Chart;
import org.alignment4j.runtime.train.Metrics;

/**
 * What a report tells of a training.
 *
 * @param method what tables call it
 * @param sentence what it learned from
 * @param curves which metrics are drawn
 * @param metrics of every update or step
 */
record Account(String method, String sentence, List<Curve> curves, List<Metrics> metrics) {

  /**
   * A metric that is drawn.
   *
   * @param title what the chart is called
   * @param step what is counted along it
   * @param unit of the metric
   * @param metric its name
   */
  record Curve(String title, String step, String unit, String metric) {

    /** The metric over the updates that have it. */
    Chart of(List<Metrics> metrics) {
      List<Chart.Point> points = new ArrayList<>();
      for (Metrics m : metrics) {
        Double value = m.values().get(metric);
        if (value != null) {
          points.add(Chart.Point.of((double) m.step(), value));
        }
      }
      return new Chart.Lines(title, step, unit, List.of()).with(metric, points);
    }
  }

  Account {
    curves = List.copyOf(curves);
    metrics = List.copyOf(metrics);
  }

  List<Chart> charts() {
    return curves.stream().map(curve -> curve.of(metrics)).toList();
  }
}
