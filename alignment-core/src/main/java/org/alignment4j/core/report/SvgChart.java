package org.alignment4j.core.report;

import java.util.List;

/** Draws charts as inline SVG; colours come from the report's style sheet by class. */
final class SvgChart {

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
    if (chart instanceof Chart.Profile profile) {
      new ProfileSvg(html, profile).draw();
      return;
    }
    double height = Plot.HEIGHT + (chart instanceof Chart.Bars bars ? BarsSvg.more(bars) : 0);
    html.open(
        "svg",
        "viewBox",
        "0 0 " + Plot.number(Plot.WIDTH) + " " + Plot.number(height),
        "class",
        "plot",
        "role",
        "img",
        "aria-label",
        chart.title());
    if (chart instanceof Chart.Lines lines) {
      new LinesSvg(html).draw(lines);
    } else if (chart instanceof Chart.Bars bars) {
      new BarsSvg(html).draw(bars);
    }
    html.close();
  }

  /** What the legend tells apart; one or none needs no legend. */
  static List<String> names(Chart chart) {
    if (chart instanceof Chart.Lines lines) {
      return lines.series().stream().map(Chart.Series::name).toList();
    }
    if (chart instanceof Chart.Profile profile) {
      return profile.names();
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
        "swatch c" + series % Plot.COLOURS,
        "aria-hidden",
        "true");
    if (chart instanceof Chart.Lines lines) {
      new LinesSvg(html).swatch(lines, series);
    } else if (chart instanceof Chart.Profile) {
      html.empty("circle", "class", "dot", "cx", "13", "cy", "6", "r", "5");
    } else {
      html.empty("path", "class", "bar", "d", "M3 0L23 0L23 12L3 12Z");
    }
    html.close();
  }
}
