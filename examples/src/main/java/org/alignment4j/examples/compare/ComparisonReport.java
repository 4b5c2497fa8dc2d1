package org.alignment4j.examples.compare;

import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;

/** The page of a comparison. */
final class ComparisonReport {

  private ComparisonReport() {}

  static Report of(ComparisonResult result) {
    return Report.builder("Methods of alignment, side by side")
        .subtitle("One small model, and one world whose truth is known")
        .add(
            Section.text(
                "Result",
                result.verdict(),
                "Every method but SFT starts from the SFT model, as their papers do: its replies"
                    + " have the voice that pairs and reward model speak of. SFT itself starts from"
                    + " the base model.",
                "Pairs and single labels are those of annotators, half of whom look at helpfulness"
                    + " alone and half at harmlessness alone; the reward model has learned from such"
                    + " pairs too. Rankings are by the world's truth. Methods that sample are given"
                    + " the prompts of the pairs."))
        .add(
            new Section.Tabular(
                "Every method", ComparisonTables.table(result), ComparisonTables.NOTE))
        .add(
            new Section.Charts(
                "Truth and divergence",
                List.of(frontier(result)),
                "Each point is a method; whiskers are 95 % intervals. Up is better, left is nearer to"
                    + " the start."))
        .add(
            new Section.Charts(
                "Own objectives",
                List.of(objectives(result)),
                "The change of each method's own objective, in its standard errors and in the better"
                    + " direction: bars of different methods are not on one scale of worth. Whiskers"
                    + " that leave out 0 show an improvement."))
        .add(
            new Section.Tabular(
                "What the truth is made of",
                ComparisonTables.parts(result),
                "Intervals pool the seeds and do not hold the variation between trainings, which the"
                    + " truth of each seed shows."))
        .add(new Section.KeyValues("Provenance", result.provenance()))
        .build();
  }

  private static Chart frontier(ComparisonResult result) {
    Chart.Lines chart =
        new Chart.Lines(
            "Truth against KL", "KL from the start (nats per reply)", "truth", List.of());
    for (MethodSummary m : result.methods()) {
      if (m.divergence().n() > 0) {
        chart = chart.with(m.name(), List.of(Chart.Point.of(m.divergence(), m.truth(), m.name())));
      }
    }
    return chart;
  }

  private static Chart objectives(ComparisonResult result) {
    return new Chart.Bars(
            "Change of the own objective",
            "standard errors",
            result.methods().stream().map(MethodSummary::name).toList(),
            List.of())
        .with("improvement", result.methods().stream().map(ComparisonReport::scaled).toList());
  }

  private static Estimate scaled(MethodSummary m) {
    Estimate change = m.change();
    double unit = change.standardError() > 0 ? change.standardError() : 1;
    boolean rising = m.method().objective().direction().equals(Direction.HIGHER);
    double low = (rising ? change.ciLow() : -change.ciHigh()) / unit;
    double high = (rising ? change.ciHigh() : -change.ciLow()) / unit;
    return new Estimate(
        (rising ? 1 : -1) * change.value() / unit,
        change.standardError() / unit,
        low,
        high,
        change.confidence(),
        change.n(),
        change.clusters(),
        0,
        0);
  }
}
