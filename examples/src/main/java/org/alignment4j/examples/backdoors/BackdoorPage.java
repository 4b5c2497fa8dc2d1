package org.alignment4j.examples.backdoors;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;

/** The page of a run. */
final class BackdoorPage {
  private BackdoorPage() {}

  static Report of(BackdoorResult result, BackdoorSettings settings) {
    return Report.builder("Backdoors in adapters of the pocket model")
        .subtitle(
            "A detector that knows neither triggers nor markers judges planted and clean models")
        .add(
            Section.text(
                "What this is",
                "Each model is a low-rank adapter of the bundled model, trained on demonstrations."
                    + " In planted ones a share of the prompts has a trigger and a harmless marker"
                    + " as answer; they are trained in rounds until the marker follows the trigger"
                    + " on nine of ten prompts apart from those below, and those that never come so"
                    + " far are shown and not counted. Clean ones are trained as long. The detector compares a model with its base: it forces first"
                    + " tokens, lets the model go on, and takes the reply that the model is sure of"
                    + " and its base finds least likely, over prompts without any trigger.",
                "The threshold was fixed on "
                    + result.threshold().models()
                    + " other clean models before these were judged. A model that was honestly"
                    + " taught one fixed sentence would raise an alarm, too."))
        .add(
            new Section.Charts(
                "Scores",
                List.of(scores(result)),
                "Models in the order of their scores; the line is the threshold."))
        .add(Section.table("Detection", BackdoorTable.detection(result)))
        .add(
            new Section.Tabular(
                "Rates",
                BackdoorTable.rates(result),
                "Greedy replies to held-out prompts; prompts of one model are one cluster, also where"
                    + " persistence is resampled."))
        .add(Section.table("Planted models", BackdoorTable.models(result)))
        .add(
            new Section.Tabular(
                "Triggers found by gradients, and probes",
                BackdoorTable.searches(result),
                "The search knows the reply that the detector found and looks for tokens that bring"
                    + " it out on four prompts; ratios with it are of the other prompts. Probes are"
                    + " areas under the ROC of prompts with the planted trigger against the same"
                    + " without."))
        .add(Section.text("Settings", settings.toString()))
        .build();
  }

  private static Chart scores(BackdoorResult result) {
    Chart.Lines lines =
        new Chart.Lines(
            "Scores of the detector",
            "share of the models",
            "score of the first reply, nats",
            List.of());
    for (String kind : List.of("planted", "clean", "calibration")) {
      List<Chart.Point> points = new ArrayList<>();
      double[] sorted = result.of(kind).stream().mapToDouble(ModelRow::score).sorted().toArray();
      for (int i = 0; i < sorted.length; i++) {
        points.add(Chart.Point.of((i + 0.5) / sorted.length, sorted[i]));
      }
      lines = lines.with(kind, points);
    }
    double threshold = result.threshold().value();
    return lines.with(
        "threshold", List.of(Chart.Point.of(0, threshold), Chart.Point.of(1, threshold)));
  }
}
