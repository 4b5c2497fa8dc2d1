package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/** An evaluation as one self-contained HTML page. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EvaluationPage {
  private EvaluationPage() {}

  /**
   * Returns the page: a profile of the models over all benchmarks; every figure with interval,
   * chance and direction; for each benchmark charts and a browser of its samples; where the figures
   * come from.
   *
   * @param samples how many samples of each benchmark to show; none are there without a run folder
   * @throws org.alignment4j.api.AlignmentException if a file of the run folder cannot be read
   */
  public static Report of(EvaluationRun run, int samples) {
    Report.Builder page = Report.builder("Evaluation");
    List<String> models = run.outcomes().stream().map(o -> o.model()).distinct().toList();
    page.subtitle(String.join(", ", models));
    ProfileChart.of(run.outcomes())
        .ifPresent(
            chart ->
                page.add(
                    new Section.Charts(
                        "Profile",
                        List.of(chart),
                        "The first metric of each benchmark that has one with a worst and a best"
                            + " value. The better a figure, the further to the right it stands,"
                            + " whatever its direction; a line is its interval, the dashed mark is"
                            + " what guessing scores.")));
    page.add(
        new Section.Tabular(
            "Figures",
            figures(run),
            "Intervals at the level of each estimate; chance is what guessing scores. Failed samples"
                + " and those without a verdict are left out of the figures."));
    page.add(new Section.Tabs("Benchmarks", 0, tabs(run, samples), ""));
    Map<String, String> origin = new LinkedHashMap<>();
    run.report().provenance().hashes().forEach((k, hash) -> origin.put("data of " + k, hash.hex()));
    run.report().provenance().seeds().forEach((k, seed) -> origin.put("seed of " + k, "" + seed));
    origin.putAll(run.report().provenance().options());
    run.report().provenance().versions().forEach((k, v) -> origin.put("version of " + k, v));
    return page.add(new Section.KeyValues("Provenance", origin)).build();
  }

  private static List<Section.Tab> tabs(EvaluationRun run, int samples) {
    Map<String, List<BenchmarkOutcome>> byBenchmark = new LinkedHashMap<>();
    run.outcomes()
        .forEach(
            o -> byBenchmark.computeIfAbsent(o.key().benchmark(), n -> new ArrayList<>()).add(o));
    List<Section.Tab> tabs = new ArrayList<>();
    byBenchmark.forEach(
        (name, outcomes) -> {
          List<Section> parts = new ArrayList<>();
          parts.add(Section.charts("", charts(outcomes)));
          parts.add(Section.table("What it took", costs(outcomes)));
          new SampleBrowser(outcomes, samples).section().ifPresent(parts::add);
          tabs.add(new Section.Tab(name, Optional.empty(), parts));
        });
    return tabs;
  }

  private static Table costs(List<BenchmarkOutcome> outcomes) {
    Table table =
        Table.of(
            "model",
            "role",
            "samples",
            "failed",
            "no verdict",
            "not run",
            "calls",
            "tokens in",
            "tokens out",
            "tokens scored",
            "seconds");
    for (BenchmarkOutcome outcome : outcomes) {
      for (Map.Entry<String, Usage> role : outcome.usageByRole().entrySet()) {
        Usage usage = role.getValue();
        table =
            table.row(
                Cell.text(outcome.model()),
                Cell.text(role.getKey()),
                Cell.count(outcome.samples().size()),
                Cell.count(outcome.failed()),
                Cell.count(outcome.unscored()),
                Cell.count(outcome.missing()),
                Cell.count(usage.calls()),
                Cell.count(usage.promptTokens()),
                Cell.count(usage.completionTokens()),
                Cell.count(usage.scoredTokens()),
                Cell.number(usage.time().toMillis() / 1000.0, 1));
      }
    }
    return table;
  }

  private static Table figures(EvaluationRun run) {
    Table table =
        Table.of("benchmark", "model", "metric", "figure", "n", "chance", "better", "run");
    for (BenchmarkOutcome outcome : run.outcomes()) {
      BenchmarkResult result = outcome.result();
      for (Metric metric : result.metrics()) {
        Estimate estimate = result.estimates().get(metric.name());
        if (estimate != null) {
          table =
              table.row(
                  Cell.text(result.benchmark()),
                  Cell.text(result.modelId()),
                  Cell.text(metric.name()),
                  Cell.figure(estimate),
                  Cell.count(estimate.n()),
                  metric.chance().isPresent()
                      ? Cell.number(metric.chance().getAsDouble(), 3)
                      : Cell.unknown(),
                  Cell.text(EvaluationMarkdown.better(metric.direction())),
                  Cell.text(outcome.status()));
        }
      }
    }
    return table;
  }

  /** One chart for each unit: figures of different units share no axis. */
  private static Chart[] charts(List<BenchmarkOutcome> outcomes) {
    List<Metric> metrics = outcomes.get(0).result().metrics();
    List<String> units = metrics.stream().map(Metric::unit).distinct().toList();
    List<Chart> charts = new ArrayList<>();
    for (String unit : units) {
      List<String> names =
          metrics.stream()
              .filter(m -> m.unit().equals(unit))
              .map(Metric::name)
              .filter(n -> outcomes.stream().allMatch(o -> o.result().estimates().containsKey(n)))
              .toList();
      if (names.isEmpty()) {
        continue;
      }
      Chart.Bars bars = new Chart.Bars(outcomes.get(0).key().benchmark(), unit, names, List.of());
      for (BenchmarkOutcome outcome : outcomes) {
        List<Estimate> estimates = names.stream().map(outcome.result()::estimate).toList();
        bars = bars.with(outcome.model(), estimates);
      }
      charts.add(bars);
    }
    return charts.toArray(Chart[]::new);
  }
}
