package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;

/** Draws groups of bars with whiskers. */
final class BarsSvg {

  /** As many letters as there is room for below the axis. */
  private static final int MAX_SLANTED = 13;

  private static final double SLANTED = 34;

  private final Html html;
  private final Plot plot;

  BarsSvg(Html html) {
    this.html = html;
    this.plot = new Plot(html);
  }

  /** How much higher than others a chart is: slanting names need more room below the axis. */
  static double more(Chart.Bars chart) {
    return slanted(chart) ? SLANTED : 0;
  }

  private static boolean slanted(Chart.Bars chart) {
    double slot = (Plot.RIGHT - Plot.LEAST_LEFT) / Math.max(1, chart.groups().size());
    return chart.groups().stream().anyMatch(name -> !fitsTwoLines(name, slot));
  }

  void draw(Chart.Bars chart) {
    List<Double> ys = new ArrayList<>(List.of(0.0));
    chart
        .bars()
        .forEach(
            b -> b.estimates().forEach(e -> ys.addAll(List.of(e.value(), e.ciLow(), e.ciHigh()))));
    if (chart.groups().isEmpty() || chart.bars().isEmpty()) {
      plot.noData();
      return;
    }
    Axis y = Axis.around(ys, 5, Plot.BOTTOM, Plot.TOP);
    double left = Plot.left(y);
    plot.vertical(y, left, chart, chart.yLabel());
    double slot = (Plot.RIGHT - left) / chart.groups().size();
    double width = slot * 0.8 / Math.max(1, chart.bars().size());
    boolean slanted = slanted(chart);
    for (int g = 0; g < chart.groups().size(); g++) {
      double start = left + g * slot + slot * 0.1;
      if (slanted) {
        slanting(left + (g + 0.5) * slot, chart.groups().get(g));
      } else {
        group(left + (g + 0.5) * slot, chart.groups().get(g), slot);
      }
      for (int b = 0; b < chart.bars().size(); b++) {
        bar(chart.bars().get(b).estimates().get(g), start + b * width, width, y, b);
      }
    }
    plot.stroke("axis", left, y.pixel(0), Plot.RIGHT, y.pixel(0));
  }

  private static int fitting(double slot) {
    return (int) Math.max(4, slot / Plot.LETTER - 1); // a blank between neighbours
  }

  private static String strippedLine(String name) {
    return VisibleText.oneLine(name).strip();
  }

  private static boolean fitsTwoLines(String name, double slot) {
    String line = strippedLine(name);
    int fits = fitting(slot);
    int cut = line.length() <= fits ? line.length() : line.lastIndexOf(' ', fits);
    return cut > 0 && line.length() - cut - 1 <= fits;
  }

  /** A name that two lines below its bars have no room for. */
  private void slanting(double x, String name) {
    String at = Plot.number(x + 4);
    String y = Plot.number(Plot.BOTTOM + 14);
    html.element(
        "text",
        Plot.narrowed(strippedLine(name), MAX_SLANTED),
        "x",
        at,
        "y",
        y,
        "text-anchor",
        "end",
        "transform",
        "rotate(-48 " + at + " " + y + ")");
  }

  /** A name in at most two lines. */
  private void group(double x, String name, double slot) {
    String line = strippedLine(name);
    int fits = fitting(slot);
    int cut = line.length() <= fits ? -1 : line.lastIndexOf(' ', fits);
    if (cut <= 0) {
      plot.label(x, Plot.BOTTOM + Plot.LINE, "middle", Plot.narrowed(line, fits));
      return;
    }
    plot.label(x, Plot.BOTTOM + Plot.LINE, "middle", line.substring(0, cut));
    plot.label(
        x, Plot.BOTTOM + 2 * Plot.LINE, "middle", Plot.narrowed(line.substring(cut + 1), fits));
  }

  private void bar(Estimate e, double left, double width, Axis y, int series) {
    if (!Double.isFinite(e.value())) {
      return;
    }
    html.open("g", "class", "c" + series % Plot.COLOURS);
    double top = Math.min(y.pixel(e.value()), y.pixel(0));
    double height = Math.abs(y.pixel(e.value()) - y.pixel(0));
    html.empty(
        "rect",
        "class",
        "bar",
        "x",
        Plot.number(left + width * 0.05),
        "y",
        Plot.number(top),
        "width",
        Plot.number(width * 0.9),
        "height",
        Plot.number(height));
    if (Double.isFinite(e.ciLow()) && Double.isFinite(e.ciHigh())) {
      html.close().open("g", "class", "over");
      plot.whisker(left + width / 2, y.pixel(e.ciLow()), y.pixel(e.ciHigh()));
    }
    html.close();
  }
}
