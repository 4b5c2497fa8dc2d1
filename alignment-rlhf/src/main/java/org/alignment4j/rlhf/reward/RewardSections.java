package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.ReliabilityTable;
import org.apiguardian.api.API;

/**
 * What diagnostics of reward models look like in a {@link org.alignment4j.core.report.Report}.
 *
 * <pre>{@code
 * Report.Builder report = Report.builder("Reward models");
 * RewardSections.of(Map.of("seed 1", evaluation)).forEach(report::add);
 * report.add(RewardSections.of(agreement)).build().write(Path.of("report.html"));
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RewardSections {

  private static final String SHARE = "share of pairs";

  /** A group that a model was not evaluated on. */
  private static final Estimate NONE =
      new Estimate(
          Double.NaN, Double.NaN, Double.NaN, Double.NaN, Estimates.DEFAULT_CONFIDENCE, 0, 0, 0, 0);

  private RewardSections() {}

  /**
   * Returns a table of all figures, charts of accuracy and calibration, and a table and a chart for
   * each grouping.
   *
   * @param evaluations evaluations by name of the model, in the order to show them, at least one
   * @return the sections
   * @throws IllegalArgumentException when there is no evaluation
   */
  public static List<Section> of(Map<String, RewardEvaluation> evaluations) {
    if (evaluations.isEmpty()) {
      throw new IllegalArgumentException("evaluations must be at least one but there are none");
    }
    List<Section> sections = new ArrayList<>();
    sections.add(figures(evaluations));
    sections.add(
        new Section.Charts(
            "Accuracy and calibration",
            List.of(accuracy(evaluations), reliability(evaluations)),
            "An accuracy within the interval of the longer answer's may be a preference for length."
                + " On the diagonal, differences of rewards mean what Bradley and Terry say."));
    Set<String> groupings = new LinkedHashSet<>();
    evaluations.values().forEach(e -> groupings.addAll(e.slices().keySet()));
    groupings.forEach(grouping -> sections.addAll(slices(grouping, evaluations)));
    return List.copyOf(sections);
  }

  private static Section figures(Map<String, RewardEvaluation> evaluations) {
    Table table =
        Table.of(
            "model",
            "accuracy",
            "ceiling",
            "longer answer",
            "ties",
            "margin",
            "reward",
            "reward vs length (Pearson)",
            "(Spearman)",
            "calibration error");
    for (Map.Entry<String, RewardEvaluation> entry : evaluations.entrySet()) {
      RewardEvaluation e = entry.getValue();
      table =
          table.row(
              Cell.text(entry.getKey()),
              Cell.percent(e.accuracy()),
              new Cell.Number(100 * e.accuracyCeiling(), 1, " %"),
              Cell.percent(e.longerBaseline()),
              Cell.count(e.ties()),
              Cell.figure(e.margin()),
              Cell.figure(e.reward()),
              Cell.figure(e.lengthPearson()),
              Cell.figure(e.lengthSpearman()),
              Cell.figure(e.calibrationError(), 3));
    }
    return new Section.Tabular(
        "Reward models on held-out preferences",
        table,
        "Accuracy: how often the better answer has the higher reward, ties one half. Longer answer:"
            + " how often it is the longer one. Brackets hold intervals at level 0.95.");
  }

  private static Chart accuracy(Map<String, RewardEvaluation> evaluations) {
    List<RewardEvaluation> all = List.copyOf(evaluations.values());
    return new Chart.Bars("Accuracy", SHARE, List.copyOf(evaluations.keySet()), List.of())
        .with("reward", all.stream().map(RewardEvaluation::accuracy).toList())
        .with("longer answer", all.stream().map(RewardEvaluation::longerBaseline).toList());
  }

  private static Chart reliability(Map<String, RewardEvaluation> evaluations) {
    Chart.Lines chart =
        new Chart.Lines("Calibration", "predicted probability", "share better", List.of())
            .with("calibrated", List.of(Chart.Point.of(0.5, 0.5), Chart.Point.of(1, 1)));
    for (Map.Entry<String, RewardEvaluation> entry : evaluations.entrySet()) {
      List<Chart.Point> points = new ArrayList<>();
      for (ReliabilityTable.Bin bin : entry.getValue().reliability().bins()) {
        if (bin.n() > 0) {
          points.add(Chart.Point.of(bin.meanConfidence(), bin.accuracy()));
        }
      }
      chart = chart.with(entry.getKey(), points);
    }
    return chart;
  }

  private static List<Section> slices(String grouping, Map<String, RewardEvaluation> evaluations) {
    Set<String> groups = new LinkedHashSet<>();
    Map<String, Map<String, Estimate>> own = new LinkedHashMap<>();
    evaluations.forEach(
        (name, e) -> {
          Map<String, Estimate> slice = e.slices().getOrDefault(grouping, Map.of());
          own.put(name, slice);
          groups.addAll(slice.keySet());
        });
    List<String> columns = new ArrayList<>(List.of(grouping));
    columns.addAll(own.keySet());
    List<List<Cell>> rows = new ArrayList<>();
    for (String group : groups) {
      List<Cell> row = new ArrayList<>(List.of(Cell.text(group)));
      own.values()
          .forEach(
              slice ->
                  row.add(
                      slice.containsKey(group) ? Cell.percent(slice.get(group)) : Cell.unknown()));
      rows.add(row);
    }
    Chart.Bars chart =
        new Chart.Bars("Accuracy by " + grouping, SHARE, List.copyOf(groups), List.of());
    for (Map.Entry<String, Map<String, Estimate>> slice : own.entrySet()) {
      chart =
          chart.with(
              slice.getKey(),
              groups.stream().map(g -> slice.getValue().getOrDefault(g, NONE)).toList());
    }
    return List.of(
        Section.table("Accuracy by " + grouping, new Table(columns, rows)),
        Section.charts("", chart));
  }

  /**
   * Returns the matrix of agreement as a table.
   *
   * @param agreement of at least two models
   * @return the section
   */
  public static Section of(RewardAgreement agreement) {
    List<String> columns = new ArrayList<>(List.of("model"));
    columns.addAll(agreement.names());
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < agreement.names().size(); i++) {
      List<Cell> row = new ArrayList<>(List.of(Cell.text(agreement.names().get(i))));
      agreement.shares().get(i).forEach(share -> row.add(Cell.percent(share)));
      rows.add(row);
    }
    return new Section.Tabular(
        "Agreement between reward models",
        new Table(columns, rows),
        "Share of comparisons that both models rank alike, one half where only one of them prefers"
            + " any; chance gives about 50 %.");
  }
}
