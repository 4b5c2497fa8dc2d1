package org.alignment4j.rlhf.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;

/** Draws a Pareto front. */
final class ParetoReport {

  /** More charts of pairs are not read. */
  private static final int MAX_CHARTS = 6;

  private final ParetoFront front;

  ParetoReport(ParetoFront front) {
    this.front = front;
  }

  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(finding());
    List<Chart> charts = new ArrayList<>();
    int objectives = front.objectives().size();
    for (int x = 0; x < objectives; x++) {
      for (int y = x + 1; y < objectives && charts.size() < MAX_CHARTS; y++) {
        charts.add(chart(x, y));
      }
    }
    if (!charts.isEmpty()) {
      sections.add(
          new Section.Charts(
              "Front",
              charts,
              "Up and to the right is better. Intervals are at level 0.95 over prompts. The line"
                  + " joins candidates that no other dominates in all objectives; those that lie"
                  + " between two of them may still differ by chance alone."));
    }
    sections.add(
        new Section.Tabular(
            "Candidates",
            table(),
            "A candidate is dominated when the means of another are at least as high in every"
                + " objective and higher in one."));
    return sections;
  }

  private Section finding() {
    List<ParetoPoint> best = front.nonDominated();
    String sentence =
        "%s of %s candidates are dominated by no other: %s."
            .formatted(
                best.size(),
                front.points().size(),
                String.join(", ", best.stream().map(ParetoPoint::name).toList()));
    String area =
        front
            .hypervolume()
            .map(
                h ->
                    "They dominate an area of %s above the worst mean of each objective."
                        .formatted(h.area()))
            .orElse("");
    return area.isEmpty() ? Section.text("", sentence) : Section.text("", sentence, area);
  }

  private Chart chart(int x, int y) {
    String first = front.objectives().get(x);
    String second = front.objectives().get(y);
    Labels labels = new Labels(points(front.points(), x, y));
    List<Chart.Point> best =
        points(front.nonDominated(), x, y).stream()
            .sorted(Comparator.comparingDouble(Chart.Point::x))
            .map(labels::thinned)
            .toList();
    Chart.Lines chart =
        new Chart.Lines(first + " and " + second, first, second, List.of())
            .with("not dominated", best);
    List<ParetoPoint> others = front.points().stream().filter(ParetoPoint::dominated).toList();
    List<Chart.Point> dominated = points(others, x, y).stream().map(labels::thinned).toList();
    List<List<Chart.Point>> parts = Scatter.of(dominated);
    for (int i = 0; i < parts.size(); i++) {
      chart = chart.with(i == 0 ? "dominated" : "dominated (" + (i + 1) + ")", parts.get(i));
    }
    return chart;
  }

  private static List<Chart.Point> points(List<ParetoPoint> points, int x, int y) {
    return points.stream()
        .map(p -> Chart.Point.of(p.scores().get(x), p.scores().get(y), p.name()))
        .toList();
  }

  private Table table() {
    List<String> columns = new ArrayList<>(List.of("candidate"));
    columns.addAll(front.objectives());
    columns.addAll(List.of("length", "dominated"));
    List<List<Cell>> rows = new ArrayList<>();
    for (ParetoPoint point : front.points()) {
      List<Cell> row = new ArrayList<>(List.of(Cell.text(point.name())));
      point.scores().forEach(s -> row.add(Cell.figure(s)));
      row.add(Cell.figure(point.length(), 1));
      row.add(Cell.text(point.dominated() ? "yes" : "no"));
      rows.add(row);
    }
    return new Table(columns, rows);
  }
}
