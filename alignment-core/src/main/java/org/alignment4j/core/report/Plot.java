package org.alignment4j.core.report;

import java.util.Locale;

/** The frame that charts of numeric axes are drawn in, and its strokes and labels. */
final class Plot {

  static final int COLOURS = 8;

  static final double WIDTH = 520;
  static final double HEIGHT = 320;

  /** Left of the plot there is as much, so that charts align, or what the names of ticks need. */
  static final double LEAST_LEFT = 52;

  private static final double TICK_GAP = 8;
  static final double RIGHT = 496;
  static final double TOP = 36;
  static final double BOTTOM = 262;
  static final double CAP = 4;

  /** Width of a letter and height of a line at the larger size that phones get. */
  static final double LETTER = 8;

  /** Width of a digit at that size in a wide font. */
  static final double DIGIT = 10;

  private static final double MINUS = 14;

  static final double LINE = 18;

  private final Html html;

  Plot(Html html) {
    this.html = html;
  }

  static double left(Axis y) {
    return Math.max(LEAST_LEFT, TICK_GAP + widest(y));
  }

  static double widest(Axis axis) {
    return axis.ticks().stream().mapToDouble(tick -> width(axis.label(tick))).max().orElse(0);
  }

  static double width(String number) {
    long minuses = number.chars().filter(c -> c == '−').count();
    return DIGIT * number.length() + (MINUS - DIGIT) * minuses;
  }

  void vertical(Axis y, double left, Chart chart, String name) {
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

  static String fitting(String text, double width) {
    return shortened(text, (int) (width / LETTER));
  }

  void whisker(double x, double low, double high) {
    stroke("whisker", x, low, x, high);
    stroke("whisker", x - CAP, low, x + CAP, low);
    stroke("whisker", x - CAP, high, x + CAP, high);
  }

  void stroke(String kind, double x1, double y1, double x2, double y2) {
    html.empty("path", "class", kind, "d", "M" + at(x1, y1) + "L" + at(x2, y2));
  }

  void label(double x, double y, String anchor, String text) {
    html.element("text", text, "x", number(x), "y", number(y), "text-anchor", anchor);
  }

  void noData() {
    label(WIDTH / 2, HEIGHT / 2, "middle", "no data");
  }

  static String shortened(String text, int codePoints) {
    return text.codePointCount(0, text.length()) <= codePoints
        ? text
        : text.substring(0, text.offsetByCodePoints(0, codePoints - 1)) + "…";
  }

  /** A name without its middle: names of parts of one thing begin alike, and some end alike. */
  static String narrowed(String text, int codePoints) {
    int length = text.codePointCount(0, text.length());
    if (length <= codePoints) {
      return text;
    }
    int head = codePoints / 2;
    int tail = codePoints - 1 - head;
    return text.substring(0, text.offsetByCodePoints(0, head))
        + "…"
        + text.substring(text.offsetByCodePoints(text.length(), -tail));
  }

  static String at(double x, double y) {
    return number(x) + " " + number(y);
  }

  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
