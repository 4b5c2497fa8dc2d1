package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;

/**
 * Draws charts as inline SVG; colours come from the report's style sheet by class. Lines differ in
 * dashes and markers too, for readers who do not tell the colours apart and for print in grey.
 */
final class SvgChart {

  static final int COLOURS = 8;

  static final double WIDTH = 520;
  private static final double HEIGHT = 320;

  /** Left of the plot there is as much, so that charts align, or what the names of ticks need. */
  private static final double LEAST_LEFT = 52;

  private static final double TICK_GAP = 8;
  private static final double RIGHT = 496;
  private static final double TOP = 36;
  private static final double BOTTOM = 262;
  private static final double CAP = 4;

  /** Width of a letter and height of a line at the larger size that phones get. */
  private static final double LETTER = 8;

  /** Width of a digit at that size in a wide font. */
  private static final double DIGIT = 10;

  private static final double MINUS = 14;

  private static final double LINE = 18;
  private static final double MARKER = 3.8;

  /** By series; the first is solid. */
  private static final List<String> DASHES = List.of("none", "7 4", "2 4", "10 3 2 3");

  /** With more points than this a line has a band instead of whiskers and markers. */
  private static final int MAX_MARKED_POINTS = 24;

  private static final int MAX_TAG = 24;

  /** As many letters as there is room for below the axis. */
  private static final int MAX_SLANTED = 11;

  private static final double SLANTED = 34;

  private final Html html;

  SvgChart(Html html) {
    this.html = html;
  }

  void draw(Chart chart) {
    if (chart instanceof Chart.HeatMap map) {
      new HeatMapSvg(html, map).draw();
      return;
    }
    if (chart instanceof Chart.Graph graph) {
      new GraphSvg(html, graph).draw();
      return;
    }
    html.open(
        "svg",
        "viewBox",
        "0 0 " + number(WIDTH) + " " + number(height(chart)),
        "class",
        "plot",
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

  /** Slanting names need more room below the axis. */
  private static double height(Chart chart) {
    return chart instanceof Chart.Bars bars && slanted(bars) ? HEIGHT + SLANTED : HEIGHT;
  }

  private static boolean slanted(Chart.Bars chart) {
    double slot = (RIGHT - LEAST_LEFT) / Math.max(1, chart.groups().size());
    return chart.groups().stream().anyMatch(name -> !fitsTwoLines(name, slot));
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
    Axis y = Axis.around(ys, 5, BOTTOM, TOP);
    double left = left(y);
    Axis x = Axis.ofSteps(xs, 6, left, RIGHT);
    vertical(y, left, chart, chart.yLabel());
    horizontal(x, left);
    stroke("axis", left, BOTTOM, RIGHT, BOTTOM);
    label((left + RIGHT) / 2, HEIGHT - 12, "middle", fitting(chart.xLabel(), RIGHT - left));
    for (int s = 0; s < chart.series().size(); s++) {
      line(chart.series().get(s).points(), x, y, s);
    }
    tags(chart, x, y, left);
  }

  /** Above everything else, so that no whisker of a later series crosses them out. */
  private void tags(Chart.Lines chart, Axis x, Axis y, double left) {
    TagPlacement placement = new TagPlacement(left, TOP - LINE, WIDTH, BOTTOM);
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
        placement.cover(px - CAP, y.pixel(p.yLow()), px + CAP, y.pixel(p.yHigh()));
      }
      if (p.hasXInterval()) {
        placement.cover(x.pixel(p.xLow()), py - CAP, x.pixel(p.xHigh()), py + CAP);
      }
      if (i > 0 && points.get(i - 1).drawable()) {
        Chart.Point before = points.get(i - 1);
        placement.line(x.pixel(before.x()), y.pixel(before.y()), px, py);
      }
    }
  }

  private void tag(Chart.Point p, Axis x, Axis y, TagPlacement placement) {
    String tag = shortened(p.label(), MAX_TAG);
    TagPlacement.Place place =
        placement.place(x.pixel(p.x()), y.pixel(p.y()), tag.codePointCount(0, tag.length()));
    html.element(
        "text",
        tag,
        "class",
        "tag",
        "x",
        number(place.x()),
        "y",
        number(place.y()),
        "text-anchor",
        place.left() ? "end" : "start");
  }

  /** What the legend tells apart; one or none needs no legend. */
  static List<String> names(Chart chart) {
    if (chart instanceof Chart.Lines lines) {
      return lines.series().stream().map(Chart.Series::name).toList();
    }
    if (chart instanceof Chart.HeatMap || chart instanceof Chart.Graph) {
      return List.of();
    }
    return ((Chart.Bars) chart).bars().stream().map(Chart.BarSeries::name).toList();
  }

  /** The key of a series in the legend. */
  void swatch(Chart chart, int series) {
    html.open(
        "svg",
        "viewBox",
        "0 0 26 12",
        "class",
        "swatch c" + series % COLOURS,
        "aria-hidden",
        "true");
    if (chart instanceof Chart.Lines lines) {
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
    } else {
      html.empty("path", "class", "bar", "d", "M3 0L23 0L23 12L3 12Z");
    }
    html.close();
  }

  private static String dashes(int series) {
    return DASHES.get(series % DASHES.size());
  }

  private void line(List<Chart.Point> points, Axis x, Axis y, int series) {
    boolean marked = isMarked(points);
    html.open("g", "class", "c" + series % COLOURS);
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
      whisker(px, y.pixel(p.yLow()), y.pixel(p.yHigh()));
    }
    if (p.hasXInterval()) {
      double low = x.pixel(p.xLow());
      double high = x.pixel(p.xHigh());
      stroke("whisker", low, py, high, py);
      stroke("whisker", low, py - CAP, low, py + CAP);
      stroke("whisker", high, py - CAP, high, py + CAP);
    }
    marker(px, py, series);
  }

  /** Circle, square, triangle, diamond, in this order of the series. */
  private void marker(double x, double y, int series) {
    double r = MARKER;
    switch (series % 4) {
      case 0 ->
          html.empty("circle", "class", "dot", "cx", number(x), "cy", number(y), "r", number(r));
      case 1 -> shape(at(x - r, y - r), at(x + r, y - r), at(x + r, y + r), at(x - r, y + r));
      case 2 -> shape(at(x, y - 1.3 * r), at(x + 1.2 * r, y + r), at(x - 1.2 * r, y + r));
      default ->
          shape(at(x, y - 1.4 * r), at(x + 1.4 * r, y), at(x, y + 1.4 * r), at(x - 1.4 * r, y));
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
    double left = left(y);
    vertical(y, left, chart, chart.yLabel());
    double slot = (RIGHT - left) / chart.groups().size();
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
    stroke("axis", left, y.pixel(0), RIGHT, y.pixel(0));
  }

  private static int fitting(double slot) {
    return (int) Math.max(4, slot / LETTER - 1); // a blank between neighbours
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
    String at = number(x + 4);
    String y = number(BOTTOM + 14);
    html.element(
        "text",
        shortened(strippedLine(name), MAX_SLANTED),
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
      label(x, BOTTOM + LINE, "middle", shortened(line, fits));
      return;
    }
    label(x, BOTTOM + LINE, "middle", line.substring(0, cut));
    label(x, BOTTOM + 2 * LINE, "middle", shortened(line.substring(cut + 1), fits));
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

  private static double left(Axis y) {
    return Math.max(LEAST_LEFT, TICK_GAP + widest(y));
  }

  private static double widest(Axis axis) {
    return axis.ticks().stream().mapToDouble(tick -> width(axis.label(tick))).max().orElse(0);
  }

  private static double width(String number) {
    long minuses = number.chars().filter(c -> c == '−').count();
    return DIGIT * number.length() + (MINUS - DIGIT) * minuses;
  }

  private void vertical(Axis y, double left, Chart chart, String name) {
    for (double tick : y.ticks()) {
      stroke("grid", left, y.pixel(tick), RIGHT, y.pixel(tick));
      label(left - TICK_GAP, y.pixel(tick) + 4, "end", y.label(tick));
    }
    // Written across, above the axis: it stays readable on phones and meets no tick.
    // The title stands above the chart already.
    if (!name.strip().equalsIgnoreCase(chart.title().strip())) {
      label(0, LINE - 4, "start", fitting(name, RIGHT));
    }
  }

  /** Names every tick, or every second or third, so that names do not run together. */
  private void horizontal(Axis x, double left) {
    List<Double> ticks = x.ticks();
    double between = (RIGHT - left) / Math.max(1, ticks.size() - 1);
    int every = (int) Math.max(1, Math.ceil((widest(x) + DIGIT) / between));
    for (int i = 0; i < ticks.size(); i += every) {
      double at = x.pixel(ticks.get(i));
      String name = x.label(ticks.get(i));
      boolean inside = at + width(name) / 2 <= WIDTH;
      label(inside ? at : WIDTH, BOTTOM + LINE + 3, inside ? "middle" : "end", name);
    }
  }

  private static String fitting(String text, double width) {
    return shortened(text, (int) (width / LETTER));
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

  static String shortened(String text, int codePoints) {
    return text.codePointCount(0, text.length()) <= codePoints
        ? text
        : text.substring(0, text.offsetByCodePoints(0, codePoints - 1)) + "…";
  }

  private static String at(double x, double y) {
    return number(x) + " " + number(y);
  }

  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
