package org.alignment4j.eval.general;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.Binning;
import org.alignment4j.core.statistics.BrierScore;
import org.alignment4j.core.statistics.ReliabilityTable;

/** Confidence and accuracy by bin, drawn and listed. */
final class ReliabilitySections {

  private ReliabilitySections() {}

  static List<Section> of(String benchmark, String model, Confidences answers, Binning binning) {
    ReliabilityTable reliability = answers.table(binning);
    List<Chart.Point> points = new ArrayList<>();
    Table table = Table.of("confidence", "n", "mean confidence", "accuracy");
    for (ReliabilityTable.Bin bin : reliability.bins()) {
      if (bin.n() > 0) {
        points.add(Chart.Point.of(bin.meanConfidence(), bin.accuracy()));
      }
      table =
          table.row(
              Cell.text("(" + rounded(bin.low()) + ", " + rounded(bin.high()) + "]"),
              Cell.count(bin.n()),
              bin.n() > 0 ? Cell.number(bin.meanConfidence(), 3) : Cell.unknown(),
              bin.n() > 0 ? Cell.figure(bin.accuracy()) : Cell.unknown());
    }
    Chart.Lines chart =
        new Chart.Lines("Reliability on " + benchmark, "confidence", "accuracy", List.of())
            .with("calibrated", List.of(Chart.Point.of(0, 0), Chart.Point.of(1, 1)))
            .with(model, points);
    String note =
        answers.size() < Calibration.FEWEST_ITEMS
            ? "Only "
                + answers.size()
                + " answers: below "
                + Calibration.FEWEST_ITEMS
                + " a calibration error says little, since noise in the bins alone makes one."
            : "Points above the line are too modest, points below it too sure.";
    return List.of(
        new Section.Charts("Calibration of " + model + " on " + benchmark, List.of(chart), note),
        new Section.Tabular("", table, answers.size() == 0 ? "" : parts(answers.brier(binning))));
  }

  private static String parts(BrierScore.Decomposition brier) {
    return String.format(
        Locale.ROOT,
        "Brier score %.4f = reliability %.4f (0 is calibrated) - resolution %.4f (higher is better)"
            + " + uncertainty %.4f + within bins %.4f.",
        brier.score(),
        brier.reliability(),
        brier.resolution(),
        brier.uncertainty(),
        brier.withinBins());
  }

  private static String rounded(double edge) {
    return Double.toString(Math.round(edge * 1000) / 1000.0);
  }
}
