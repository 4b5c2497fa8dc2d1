package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws lines and points. Lines differ in dashes and markers too, for readers who do not tell
 * colours apart and for print in grey.
 */
final class LinesSvg {

  private static final double MARKER = 3.8;

  /** By series; the first is solid. */
  private static final List<String> DASHES = List.of("none", "7 4", "2 4", "10 3 2 3");

  /** With more points than this a line has a band instead of whiskers and markers. */
  private static final int MAX_MARKED_POINTS = 24;

  private static final int MAX_TAG = 24;

  private final Html html;
  private final Plot plot;

  LinesSvg(Html html) {
    this.html = html;
    this.plot = new Plot(html);
  }

  void draw(Chart.Lines chart) {
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
      plot.noData();
      return;
    }
    Axis y = Axis.around(ys, 5, Plot.BOTTOM, Plot.TOP);
    double left = Plot.left(y);
    Axis x = Axis.ofSteps(xs, 6, left, Plot.RIGHT);
    plot.vertical(y, left, chart, chart.yLabel());
    horizontal(x, left);
    plot.stroke("axis", left, Plot.BOTTOM, Plot.RIGHT, Plot.BOTTOM);
    plot.label(
        (left + Plot.RIGHT) / 2,
        Plot.HEIGHT - 12,
        "middle",
        Plot.fitting(chart.xLabel(), Plot.RIGHT - left));
    for (int s = 0; s < chart.series().size(); s++) {
      line(chart.series().get(s).points(), x, y, s);
    }
    tags(chart, x, y, left);
  }

  /** The key of a series in the legend. */
  void swatch(Chart.Lines lines, int series) {
    List<Chart.Point> points = lines.series().get(series).points();
    boolean scattered =
        IntStream.range(0, points.size())
            .filter(i -> points.get(i).drawable())
            .allMatch(i -> alone(points, i));
    if (!scattered) {
      html.empty("path", "class", "line", "stroke-dasharray", dashes(series), "d", "M1 6L25 6");
    }
    if (scattered || isMarked(points)) {
      marker(13, 6, series);
    }
  }

  /** Above everything else, so that no whisker of a later series crosses them out. */
  private void tags(Chart.Lines chart, Axis x, Axis y, double left) {
    TagPlacement placement = new TagPlacement(left, Plot.TOP - Plot.LINE, Plot.WIDTH, Plot.BOTTOM);
    for (Chart.Series series : chart.series()) {
      if (isMarked(series.points())) {
        keepFree(series.points(), x, y, placement);
      }
    }
    for (Chart.Series series : chart.series()) {
      if (isMarked(series.points())) {
        series.points().stream()
            .filter(p -> p.drawable() && !p.label().isEmpty())
            .forEach(p -> tag(p, x, y, placement));
      }
    }
  }

  private static boolean isMarked(List<Chart.Point> points) {
    return points.size() <= MAX_MARKED_POINTS;
  }

  private static void keepFree(List<Chart.Point> points, Axis x, Axis y, TagPlacement placement) {
    for (int i = 0; i < points.size(); i++) {
      Chart.Point p = points.get(i);
      if (!p.drawable()) {
        continue;
      }
      double px = x.pixel(p.x());
      double py = y.pixel(p.y());
      placement.cover(px - MARKER, py - MARKER, px + MARKER, py + MARKER);
      if (p.hasYInterval()) {
        placement.cover(px - Plot.CAP, y.pixel(p.yLow()), px + Plot.CAP, y.pixel(p.yHigh()));
      }
      if (p.hasXInterval()) {
        placement.cover(x.pixel(p.xLow()), py - Plot.CAP, x.pixel(p.xHigh()), py + Plot.CAP);
      }
      if (i > 0 && points.get(i - 1).drawable()) {
        Chart.Point before = points.get(i - 1);
        placement.line(x.pixel(before.x()), y.pixel(before.y()), px, py);
      }
    }
  }

  private void tag(Chart.Point p, Axis x, Axis y, TagPlacement placement) {
    String tag = Plot.shortened(p.label(), MAX_TAG);
    TagPlacement.Place place =
        placement.place(x.pixel(p.x()), y.pixel(p.y()), tag.codePointCount(0, tag.length()));
    html.element(
        "text",
        tag,
        "class",
        "tag",
        "x",
        Plot.number(place.x()),
        "y",
        Plot.number(place.y()),
        "text-anchor",
        place.left() ? "end" : "start");
  }

  private static String dashes(int series) {
    return DASHES.get(series % DASHES.size());
  }

  private void line(List<Chart.Point> points, Axis x, Axis y, int series) {
    boolean marked = isMarked(points);
    html.open("g", "class", "c" + series % Plot.COLOURS);
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (Chart.Point p : points) {
      if (p.drawable()) {
        path.append(pen ? 'L' : 'M').append(Plot.at(x.pixel(p.x()), y.pixel(p.y())));
      }
      pen = p.drawable();
    }
    if (!marked) {
      band(points, x, y);
    }
    html.empty("path", "class", "line", "d", path.toString(), "stroke-dasharray", dashes(series));
    for (int i = 0; i < points.size(); i++) {
      // A point between two gaps is on no line and would not be seen.
      if (points.get(i).drawable() && (marked || alone(points, i))) {
        mark(points.get(i), x, y, series);
      }
    }
    html.close();
  }

  private static boolean alone(List<Chart.Point> points, int i) {
    return (i == 0 || !points.get(i - 1).drawable())
        && (i + 1 == points.size() || !points.get(i + 1).drawable());
  }

  private void mark(Chart.Point p, Axis x, Axis y, int series) {
    double px = x.pixel(p.x());
    double py = y.pixel(p.y());
    if (p.hasYInterval()) {
      plot.whisker(px, y.pixel(p.yLow()), y.pixel(p.yHigh()));
    }
    if (p.hasXInterval()) {
      double low = x.pixel(p.xLow());
      double high = x.pixel(p.xHigh());
      plot.stroke("whisker", low, py, high, py);
      plot.stroke("whisker", low, py - Plot.CAP, low, py + Plot.CAP);
      plot.stroke("whisker", high, py - Plot.CAP, high, py + Plot.CAP);
    }
    marker(px, py, series);
  }

  /** Circle, square, triangle, diamond, in this order of the series. */
  private void marker(double x, double y, int series) {
    double r = MARKER;
    switch (series % 4) {
      case 0 ->
          html.empty(
              "circle",
              "class",
              "dot",
              "cx",
              Plot.number(x),
              "cy",
              Plot.number(y),
              "r",
              Plot.number(r));
      case 1 ->
          shape(
              Plot.at(x - r, y - r),
              Plot.at(x + r, y - r),
              Plot.at(x + r, y + r),
              Plot.at(x - r, y + r));
      case 2 ->
          shape(Plot.at(x, y - 1.3 * r), Plot.at(x + 1.2 * r, y + r), Plot.at(x - 1.2 * r, y + r));
      default ->
          shape(
              Plot.at(x, y - 1.4 * r),
              Plot.at(x + 1.4 * r, y),
              Plot.at(x, y + 1.4 * r),
              Plot.at(x - 1.4 * r, y));
    }
  }

  private void shape(String... corners) {
    html.empty("path", "class", "dot", "d", "M" + String.join("L", corners) + "Z");
  }

  private void band(List<Chart.Point> points, Axis x, Axis y) {
    List<Chart.Point> known =
        points.stream().filter(p -> p.drawable() && p.hasYInterval()).toList();
    if (known.size() < 2) {
      return;
    }
    StringBuilder path = new StringBuilder();
    for (Chart.Point p : known) {
      path.append(path.length() == 0 ? 'M' : 'L')
          .append(Plot.at(x.pixel(p.x()), y.pixel(p.yHigh())));
    }
    for (int i = known.size() - 1; i >= 0; i--) {
      path.append('L').append(Plot.at(x.pixel(known.get(i).x()), y.pixel(known.get(i).yLow())));
    }
    html.empty("path", "class", "band", "d", path + "Z");
  }

  /** Names every tick, or every second or third, so that names do not run together. */
  private void horizontal(Axis x, double left) {
    List<Double> ticks = x.ticks();
    double between = (Plot.RIGHT - left) / Math.max(1, ticks.size() - 1);
    int every = (int) Math.max(1, Math.ceil((Plot.widest(x) + Plot.DIGIT) / between));
    for (int i = 0; i < ticks.size(); i += every) {
      double at = x.pixel(ticks.get(i));
      String name = x.label(ticks.get(i));
      boolean inside = at + Plot.width(name) / 2 <= Plot.WIDTH;
      plot.label(
          inside ? at : Plot.WIDTH, Plot.BOTTOM + Plot.LINE + 3, inside ? "middle" : "end", name);
    }
  }
}
