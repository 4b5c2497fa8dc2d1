package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The numbers behind a chart, for readers who cannot see it or want to copy them. */
final class ChartData {

  /** A blank at which no line is broken. */
  private static final char UNBROKEN = '\u00a0';

  private ChartData() {}

  static Table table(Chart chart, int maxRows) {
    if (chart instanceof Chart.Lines lines) {
      return of(lines, maxRows);
    }
    if (chart instanceof Chart.HeatMap map) {
      return of(map);
    }
    if (chart instanceof Chart.Graph graph) {
      return of(graph, maxRows);
    }
    if (chart instanceof Chart.Profile profile) {
      return of(profile);
    }
    return of((Chart.Bars) chart);
  }

  private static Table of(Chart.HeatMap map) {
    List<String> columns = new ArrayList<>(List.of(map.yLabel()));
    columns.addAll(map.columns());
    List<List<Cell>> rows = new ArrayList<>();
    for (int row = 0; row < map.rows().size(); row++) {
      List<Cell> cells = new ArrayList<>(List.of(Cell.text(map.rows().get(row))));
      map.values().get(row).forEach(value -> cells.add(new Cell.Text(Figures.significant(value))));
      rows.add(cells);
    }
    return new Table(columns, rows);
  }

  private static Table of(Chart.Profile chart) {
    List<String> columns = new ArrayList<>(List.of(""));
    columns.addAll(chart.names());
    List<List<Cell>> rows = new ArrayList<>();
    for (Chart.ProfileRow row : chart.rows()) {
      List<Cell> cells = new ArrayList<>(List.of(Cell.text(row.label())));
      row.marks().forEach(mark -> cells.add(new Cell.Text(mark.text())));
      rows.add(cells);
    }
    return new Table(columns, rows);
  }

  /** The strongest edges. */
  private static Table of(Chart.Graph graph, int maxRows) {
    List<List<Cell>> rows = new ArrayList<>();
    graph.edges().stream()
        .sorted(Comparator.comparingDouble((Chart.Edge edge) -> -Math.abs(edge.weight())))
        .limit(maxRows)
        .forEach(
            edge ->
                rows.add(
                    List.of(
                        Cell.text(edge.from()),
                        Cell.text(edge.to()),
                        Cell.text(edge.label()),
                        new Cell.Text(Figures.significant(edge.weight())))));
    return new Table(List.of("from", "to", "edge", "weight"), rows);
  }

  /** Evenly thinned when there are more points than rows, with the last one kept. */
  private static Table of(Chart.Lines chart, int maxRows) {
    List<List<Cell>> rows = new ArrayList<>();
    int perSeries = Math.max(2, maxRows / Math.max(1, chart.series().size()));
    for (Chart.Series series : chart.series()) {
      int size = series.points().size();
      int shown = Math.min(size, perSeries);
      for (int i = 0; i < shown; i++) {
        int index = shown == 1 ? 0 : (int) ((long) i * (size - 1) / (shown - 1));
        Chart.Point p = series.points().get(index);
        rows.add(
            List.of(
                Cell.text(series.name()),
                number(p.x(), p.xLow(), p.xHigh()),
                number(p.y(), p.yLow(), p.yHigh())));
      }
    }
    return new Table(List.of("series", chart.xLabel(), chart.yLabel()), rows);
  }

  private static Table of(Chart.Bars chart) {
    List<String> columns = new ArrayList<>(List.of(""));
    chart.bars().forEach(b -> columns.add(b.name()));
    List<List<Cell>> rows = new ArrayList<>();
    for (int g = 0; g < chart.groups().size(); g++) {
      List<Cell> row = new ArrayList<>(List.of(Cell.text(chart.groups().get(g))));
      for (Chart.BarSeries bar : chart.bars()) {
        row.add(Cell.figure(bar.estimates().get(g)));
      }
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  private static Cell number(double value, double low, double high) {
    String text = Figures.significant(value);
    return new Cell.Text(
        Double.isFinite(low) && Double.isFinite(high)
            ? text
                + " ["
                + Figures.significant(low)
                + ","
                + UNBROKEN
                + Figures.significant(high)
                + "]"
            : text);
  }
}
