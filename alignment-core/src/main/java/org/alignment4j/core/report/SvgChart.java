package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.evaluation.Estimate;

/** Draws charts as inline SVG; colours come from the report's style sheet by class. */
final class SvgChart {

  static final int COLOURS = 8;

  private static final double WIDTH = 520;
  private static final double HEIGHT = 300;
  private static final double LEFT = 52;
  private static final double RIGHT = 508;
  private static final double TOP = 14;
  private static final double BOTTOM = 252;
  private static final double CAP = 4;
  private static final double LETTER = 7;

  /** With more points than this a line has a band instead of whiskers and markers. */
  private static final int MAX_MARKED_POINTS = 24;

  private final Html html;

  SvgChart(Html html) {
    this.html = html;
  }

  void draw(Chart chart) {
    html.open(
        "svg",
        "viewBox",
        "0 0 " + number(WIDTH) + " " + number(chart instanceof Chart.Bars ? BOTTOM + 24 : HEIGHT),
        "role",
        "img",
        "aria-label",
        chart.title());
    if (chart instanceof Chart.Lines lines) {
      drawLines(lines);
    } else if (chart instanceof Chart.Bars bars) {
      drawBars(bars);
    }
    html.close();
  }

  private void drawLines(Chart.Lines chart) {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (Chart.Series series : chart.series()) {
      for (Chart.Point p : series.points()) {
        if (p.drawable()) {
          xs.addAll(List.of(p.x(), p.xLow(), p.xHigh()));
          ys.addAll(List.of(p.y(), p.yLow(), p.yHigh()));
        }
      }
    }
    if (xs.isEmpty()) {
      noData();
      return;
    }
    Axis x = Axis.around(xs, 6, LEFT, RIGHT);
    Axis y = Axis.around(ys, 5, BOTTOM, TOP);
    vertical(y, chart.yLabel());
    for (double tick : x.ticks()) {
      label(x.pixel(tick), BOTTOM + 18, "middle", x.label(tick));
    }
    label((LEFT + RIGHT) / 2, HEIGHT - 8, "middle", chart.xLabel());
    for (int s = 0; s < chart.series().size(); s++) {
      line(chart.series().get(s).points(), x, y, "c" + s % COLOURS);
    }
  }

  private void line(List<Chart.Point> points, Axis x, Axis y, String colour) {
    boolean marked = points.size() <= MAX_MARKED_POINTS;
    html.open("g", "class", colour);
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (Chart.Point p : points) {
      if (p.drawable()) {
        path.append(pen ? 'L' : 'M').append(at(x.pixel(p.x()), y.pixel(p.y())));
      }
      pen = p.drawable();
    }
    if (!marked) {
      band(points, x, y);
    }
    html.empty("path", "class", "line", "d", path.toString());
    if (marked) {
      points.stream().filter(Chart.Point::drawable).forEach(p -> mark(p, x, y));
    }
    html.close();
  }

  private void mark(Chart.Point p, Axis x, Axis y) {
    double px = x.pixel(p.x());
    double py = y.pixel(p.y());
    if (p.hasYInterval()) {
      whisker(px, y.pixel(p.yLow()), y.pixel(p.yHigh()));
    }
    if (p.hasXInterval()) {
      double low = x.pixel(p.xLow());
      double high = x.pixel(p.xHigh());
      stroke("whisker", low, py, high, py);
      stroke("whisker", low, py - CAP, low, py + CAP);
      stroke("whisker", high, py - CAP, high, py + CAP);
    }
    html.empty("circle", "class", "dot", "cx", number(px), "cy", number(py), "r", "3.5");
    if (!p.label().isEmpty()) {
      boolean left = px + 9 + LETTER * p.label().length() > RIGHT;
      html.element(
          "text",
          p.label(),
          "class",
          "tag",
          "x",
          number(left ? px - 7 : px + 7),
          "y",
          number(py - 7),
          "text-anchor",
          left ? "end" : "start");
    }
  }

  private void band(List<Chart.Point> points, Axis x, Axis y) {
    List<Chart.Point> known =
        points.stream().filter(p -> p.drawable() && p.hasYInterval()).toList();
    if (known.size() < 2) {
      return;
    }
    StringBuilder path = new StringBuilder();
    for (Chart.Point p : known) {
      path.append(path.length() == 0 ? 'M' : 'L').append(at(x.pixel(p.x()), y.pixel(p.yHigh())));
    }
    for (int i = known.size() - 1; i >= 0; i--) {
      path.append('L').append(at(x.pixel(known.get(i).x()), y.pixel(known.get(i).yLow())));
    }
    html.empty("path", "class", "band", "d", path + "Z");
  }

  private void drawBars(Chart.Bars chart) {
    List<Double> ys = new ArrayList<>(List.of(0.0));
    chart
        .bars()
        .forEach(
            b -> b.estimates().forEach(e -> ys.addAll(List.of(e.value(), e.ciLow(), e.ciHigh()))));
    if (chart.groups().isEmpty() || chart.bars().isEmpty()) {
      noData();
      return;
    }
    Axis y = Axis.around(ys, 5, BOTTOM, TOP);
    vertical(y, chart.yLabel());
    double slot = (RIGHT - LEFT) / chart.groups().size();
    double width = slot * 0.8 / Math.max(1, chart.bars().size());
    int fits = (int) Math.max(4, slot / 6);
    for (int g = 0; g < chart.groups().size(); g++) {
      double start = LEFT + g * slot + slot * 0.1;
      label(LEFT + (g + 0.5) * slot, BOTTOM + 18, "middle", shortened(chart.groups().get(g), fits));
      for (int b = 0; b < chart.bars().size(); b++) {
        bar(chart.bars().get(b).estimates().get(g), start + b * width, width, y, b);
      }
    }
    stroke("axis", LEFT, y.pixel(0), RIGHT, y.pixel(0));
  }

  private void bar(Estimate e, double left, double width, Axis y, int series) {
    if (!Double.isFinite(e.value())) {
      return;
    }
    html.open("g", "class", "c" + series % COLOURS);
    double top = Math.min(y.pixel(e.value()), y.pixel(0));
    double height = Math.abs(y.pixel(e.value()) - y.pixel(0));
    html.empty(
        "rect",
        "class",
        "bar",
        "x",
        number(left + width * 0.05),
        "y",
        number(top),
        "width",
        number(width * 0.9),
        "height",
        number(height));
    if (Double.isFinite(e.ciLow()) && Double.isFinite(e.ciHigh())) {
      html.close().open("g", "class", "over");
      whisker(left + width / 2, y.pixel(e.ciLow()), y.pixel(e.ciHigh()));
    }
    html.close();
  }

  private void vertical(Axis y, String name) {
    for (double tick : y.ticks()) {
      stroke("grid", LEFT, y.pixel(tick), RIGHT, y.pixel(tick));
      label(LEFT - 6, y.pixel(tick) + 4, "end", y.label(tick));
    }
    double middle = (TOP + BOTTOM) / 2;
    html.element(
        "text",
        name,
        "x",
        "12",
        "y",
        number(middle),
        "text-anchor",
        "middle",
        "transform",
        "rotate(-90 12 " + number(middle) + ")");
  }

  private void whisker(double x, double low, double high) {
    stroke("whisker", x, low, x, high);
    stroke("whisker", x - CAP, low, x + CAP, low);
    stroke("whisker", x - CAP, high, x + CAP, high);
  }

  private void stroke(String kind, double x1, double y1, double x2, double y2) {
    html.empty("path", "class", kind, "d", "M" + at(x1, y1) + "L" + at(x2, y2));
  }

  private void label(double x, double y, String anchor, String text) {
    html.element("text", text, "x", number(x), "y", number(y), "text-anchor", anchor);
  }

  private void noData() {
    label(WIDTH / 2, HEIGHT / 2, "middle", "no data");
  }

  private static String shortened(String text, int codePoints) {
    return text.codePointCount(0, text.length()) <= codePoints
        ? text
        : text.substring(0, text.offsetByCodePoints(0, codePoints - 1)) + "…";
  }

  private static String at(double x, double y) {
    return number(x) + " " + number(y);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
