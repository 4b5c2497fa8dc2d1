package org.alignment4j.core.report;

import static org.alignment4j.core.report.Plot.number;
import static org.alignment4j.core.report.Plot.shortened;

import java.util.List;

/** Draws a heat map; each cell tells its value when it is pointed at. */
final class HeatMapSvg {

  private static final double TOP = 36;
  private static final double RIGHT = 512;
  private static final double LETTER = 7.5;
  private static final double MAX_CELL = 26;
  private static final double MIN_NAMED = 13;
  private static final double LINE = 18;
  private static final int MAX_NAME = 16;
  private static final int SHADES = 5;

  private final Html html;
  private final Chart.HeatMap map;
  private final double left;
  private final double width;
  private final double height;
  private final double largest;

  HeatMapSvg(Html html, Chart.HeatMap map) {
    this.html = html;
    this.map = map;
    this.left =
        Math.min(
            150, 14 + LETTER * map.rows().stream().mapToInt(HeatMapSvg::length).max().orElse(0));
    this.width = Math.min(2 * MAX_CELL, (RIGHT - left) / map.columns().size());
    this.height = Math.max(4, Math.min(MAX_CELL, 620.0 / map.rows().size()));
    this.largest =
        map.values().stream()
            .flatMap(List::stream)
            .filter(Double::isFinite)
            .mapToDouble(Math::abs)
            .max()
            .orElse(0);
  }

  private static int length(String name) {
    return Math.min(MAX_NAME, name.codePointCount(0, name.length()));
  }

  void draw() {
    double bottom = TOP + height * map.rows().size();
    boolean slanted = slanted();
    double names = slanted ? 14 + 0.75 * LETTER * longestColumn() : LINE;
    double all = bottom + names + 2 * LINE + 16;
    html.open(
        "svg",
        "viewBox",
        "0 0 " + number(Plot.WIDTH) + " " + number(all),
        "class",
        "plot",
        "role",
        "img",
        "aria-label",
        map.title());
    html.element("text", map.yLabel(), "x", "0", "y", number(LINE - 4));
    rows();
    columns(bottom, slanted);
    html.element(
        "text",
        map.xLabel(),
        "x",
        number(left),
        "y",
        number(bottom + names + LINE),
        "text-anchor",
        "start");
    key(bottom + names + LINE + 8);
    html.close();
  }

  private void rows() {
    int every = (int) Math.ceil(MIN_NAMED / height);
    for (int row = 0; row < map.rows().size(); row++) {
      double y = TOP + row * height;
      if (row % every == 0) {
        html.element(
            "text",
            shortened(VisibleText.oneLine(map.rows().get(row)), MAX_NAME),
            "x",
            number(left - 6),
            "y",
            number(y + height / 2 + 4),
            "text-anchor",
            "end");
      }
      for (int column = 0; column < map.columns().size(); column++) {
        cell(row, column, left + column * width, y);
      }
    }
  }

  private void cell(int row, int column, double x, double y) {
    double value = map.values().get(row).get(column);
    boolean known = Double.isFinite(value);
    html.open(
        "rect",
        "class",
        known ? "cell " + side(value) : "gap",
        "x",
        number(x + 0.5),
        "y",
        number(y + 0.5),
        "width",
        number(Math.max(0.5, width - 1)),
        "height",
        number(Math.max(0.5, height - 1)),
        "fill-opacity",
        strength(known ? value : 0));
    html.element(
        "title",
        map.rows().get(row) + ", " + map.columns().get(column) + ": " + Figures.significant(value));
    html.close();
  }

  private static String side(double value) {
    return value < 0 ? "below" : "above";
  }

  private String strength(double value) {
    double share = largest > 0 ? Math.abs(value) / largest : 0;
    return Figures.significant(Math.round((0.04 + 0.96 * share) * 1000) / 1000.0);
  }

  /** Names that are wider than their columns are written slanting. */
  private boolean slanted() {
    return longestColumn() * LETTER > width - 4;
  }

  private int longestColumn() {
    return map.columns().stream().mapToInt(HeatMapSvg::length).max().orElse(0);
  }

  private void columns(double bottom, boolean slanted) {
    int every = (int) Math.ceil(MIN_NAMED / width);
    for (int column = 0; column < map.columns().size(); column += every) {
      double x = left + (column + 0.5) * width;
      double y = bottom + 14;
      String name = shortened(VisibleText.oneLine(map.columns().get(column)), MAX_NAME);
      if (slanted) {
        html.element(
            "text",
            name,
            "x",
            number(x + 4),
            "y",
            number(y),
            "text-anchor",
            "end",
            "transform",
            "rotate(-48 " + number(x + 4) + " " + number(y) + ")");
      } else {
        html.element("text", name, "x", number(x), "y", number(y), "text-anchor", "middle");
      }
    }
  }

  private boolean hasNegative() {
    return map.values().stream().flatMap(List::stream).anyMatch(value -> value < 0);
  }

  /** Which colour means what: from the lowest to the highest value shown by a cell. */
  private void key(double y) {
    double size = 12;
    double x = left;
    int lowest = hasNegative() ? -SHADES : 0;
    for (int i = lowest; i <= SHADES; i++) {
      double value = largest * i / SHADES;
      html.empty(
          "rect",
          "class",
          "cell " + side(value),
          "x",
          number(x),
          "y",
          number(y),
          "width",
          number(size),
          "height",
          number(size),
          "fill-opacity",
          strength(value));
      x += size;
    }
    html.element(
        "text",
        Figures.significant(lowest < 0 ? -largest : 0) + " to " + Figures.significant(largest),
        "x",
        number(x + 8),
        "y",
        number(y + size - 1));
  }
}
