package org.alignment4j.core.report;

/** Draws rows of marks between worst and best. */
final class ProfileSvg {
  private static final double LEFT = 10;
  private static final double RIGHT = 510;
  private static final double HEAD = 22;
  private static final double GROUP = 26;
  private static final double NAME = 20;
  private static final double LANE = 13;
  private static final double GAP = 12;
  private static final double RADIUS = 4.5;

  private final Html html;
  private final Plot plot;
  private final Chart.Profile chart;

  ProfileSvg(Html html, Chart.Profile chart) {
    this.html = html;
    this.plot = new Plot(html);
    this.chart = chart;
  }

  private double height() {
    double height = HEAD;
    String group = "";
    for (Chart.ProfileRow row : chart.rows()) {
      height += (row.group().equals(group) ? 0 : GROUP) + NAME + LANE * row.marks().size() + GAP;
      group = row.group();
    }
    return Math.max(height, HEAD + GROUP);
  }

  void draw() {
    html.open(
        "svg",
        "viewBox",
        "0 0 " + Plot.number(Plot.WIDTH) + " " + Plot.number(height()),
        "class",
        "plot",
        "role",
        "img",
        "aria-label",
        chart.title());
    plot.label(LEFT, HEAD - 8, "start", "← worst");
    plot.label(RIGHT, HEAD - 8, "end", "ideal →");
    double y = HEAD;
    String group = "";
    for (Chart.ProfileRow row : chart.rows()) {
      if (!row.group().equals(group)) {
        y += GROUP;
        html.element(
            "text",
            Plot.fitting(VisibleText.oneLine(row.group()), RIGHT - LEFT),
            "class",
            "group",
            "x",
            Plot.number(LEFT),
            "y",
            Plot.number(y - 7));
        group = row.group();
      }
      row(row, y);
      y += NAME + LANE * row.marks().size() + GAP;
    }
    html.close();
  }

  private void row(Chart.ProfileRow row, double top) {
    String name = Plot.fitting(VisibleText.oneLine(row.label()), RIGHT - LEFT);
    plot.label(LEFT, top + NAME - 6, "start", name);
    double first = top + NAME;
    double last = first + LANE * Math.max(1, row.marks().size());
    plot.stroke("grid", LEFT, (first + last) / 2, RIGHT, (first + last) / 2);
    plot.stroke("axis", RIGHT, first, RIGHT, last);
    plot.stroke("grid", LEFT, first, LEFT, last);
    if (Double.isFinite(row.chance())) {
      html.empty(
          "path",
          "class",
          "chance",
          "d",
          "M" + Plot.at(x(row.chance()), first - 2) + "L" + Plot.at(x(row.chance()), last + 2));
    }
    for (int i = 0; i < row.marks().size(); i++) {
      mark(row.marks().get(i), first + LANE * (i + 0.5), i);
    }
  }

  private void mark(Chart.Mark mark, double y, int series) {
    if (!Double.isFinite(mark.at())) {
      return;
    }
    html.open("g", "class", "c" + series % Plot.COLOURS);
    html.element("title", chart.names().get(series) + ": " + mark.text());
    if (Double.isFinite(mark.low()) && Double.isFinite(mark.high())) {
      plot.stroke("line", x(mark.low()), y, x(mark.high()), y);
    }
    html.empty(
        "circle",
        "class",
        "dot",
        "cx",
        Plot.number(x(mark.at())),
        "cy",
        Plot.number(y),
        "r",
        Plot.number(RADIUS));
    html.close();
  }

  private static double x(double position) {
    return LEFT + Math.max(0, Math.min(1, position)) * (RIGHT - LEFT);
  }
}
