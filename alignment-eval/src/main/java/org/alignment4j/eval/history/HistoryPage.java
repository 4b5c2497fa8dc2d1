package org.alignment4j.eval.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.EpochReduction;
import org.apiguardian.api.API;

/** The evaluations of an archive as one self-contained HTML page. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class HistoryPage {
  private HistoryPage() {}

  /**
   * Returns the page: for each benchmark a chart of each metric over the evaluations, with
   * intervals, a line for each model. Figures of another version of a benchmark or on other samples
   * are another task: they are not comparable and get a line of their own. Tasks of a benchmark are
   * numbered as they come, the same for all models and metrics and however many evaluations follow.
   *
   * @param evaluations as of {@link EvaluationArchive#all()}, the oldest first
   * @throws IllegalArgumentException if there is none
   */
  public static Report of(List<ArchivedEvaluation> evaluations) {
    if (evaluations.isEmpty()) {
      throw new IllegalArgumentException("evaluations must not be empty: there is nothing to draw");
    }
    Table made = Table.of("number", "label", "made", "models", "benchmarks");
    for (int i = 0; i < evaluations.size(); i++) {
      ArchivedEvaluation e = evaluations.get(i);
      made =
          made.row(
              Cell.count(i + 1L),
              Cell.text(e.label()),
              Cell.text(e.at().toString()),
              Cell.text(String.join(", ", e.models())),
              Cell.count(e.outcomes().stream().map(o -> o.key().benchmark()).distinct().count()));
    }
    List<Section.Tab> tabs = new ArrayList<>();
    evaluations.stream()
        .flatMap(e -> e.outcomes().stream())
        .map(o -> o.key().benchmark())
        .distinct()
        .forEach(name -> tabs.add(tab(name, evaluations)));
    return Report.builder("Evaluations over time")
        .add(Section.table("Evaluations", made))
        .add(
            new Section.Tabs(
                "Benchmarks",
                0,
                tabs,
                "Evaluations stand in the order of the table above. Whether a change is more than"
                    + " chance is told by a comparison sample by sample, not by intervals side by"
                    + " side."))
        .build();
  }

  private static Section.Tab tab(String benchmark, List<ArchivedEvaluation> evaluations) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    evaluations.stream()
        .flatMap(e -> e.outcomes().stream())
        .filter(o -> o.key().benchmark().equals(benchmark))
        .flatMap(o -> o.result().metrics().stream())
        .forEach(m -> metrics.putIfAbsent(m.name(), m));
    List<String> tasks =
        evaluations.stream()
            .flatMap(e -> e.outcomes().stream())
            .filter(o -> o.key().benchmark().equals(benchmark))
            .map(HistoryPage::task)
            .distinct()
            .toList();
    List<Chart> charts = new ArrayList<>();
    metrics.values().forEach(m -> chart(benchmark, m, evaluations, tasks).ifPresent(charts::add));
    return new Section.Tab(
        benchmark, Optional.empty(), List.of(new Section.Charts("", charts, "")));
  }

  /** What must be the same for figures to be comparable. */
  private static String task(BenchmarkOutcome outcome) {
    return outcome.key().version()
        + " "
        + outcome.key().data().hex()
        + " "
        + outcome.key().method()
        + " "
        + outcome.reduction().orElse(EpochReduction.mean());
  }

  private static Optional<Chart> chart(
      String benchmark, Metric metric, List<ArchivedEvaluation> evaluations, List<String> tasks) {
    Map<String, List<Chart.Point>> lines = new LinkedHashMap<>();
    for (int i = 0; i < evaluations.size(); i++) {
      for (BenchmarkOutcome outcome : evaluations.get(i).outcomes()) {
        Estimate estimate = outcome.result().estimates().get(metric.name());
        if (!outcome.key().benchmark().equals(benchmark) || estimate == null) {
          continue;
        }
        String model = outcome.model();
        int number = tasks.indexOf(task(outcome)) + 1;
        String line = number == 1 ? model : model + " (task " + number + ")";
        lines.computeIfAbsent(line, l -> new ArrayList<>()).add(Chart.Point.of(i + 1.0, estimate));
      }
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    Chart.Lines chart = new Chart.Lines(metric.name(), "evaluation", metric.unit(), List.of());
    for (Map.Entry<String, List<Chart.Point>> line : lines.entrySet()) {
      chart = chart.with(line.getKey(), line.getValue());
    }
    return Optional.of(chart);
  }
}
