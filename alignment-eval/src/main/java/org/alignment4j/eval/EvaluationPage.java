package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
  /** With more metrics a chart shows those of the whole benchmark, and none of its parts. */
  private static final int MOST_BARS = 8;

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
                            + " value, or both sides of it where they pull apart. The better a figure, the further to the right it stands,"
                            + " whatever its direction; a line is its interval, the dashed mark is"
                            + " what guessing scores.")));
    page.add(
        new Section.Tabular(
            "Figures",
            figures(run.outcomes(), models),
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
    List<Section.Tab> tabs = new ArrayList<>();
    byBenchmark(run.outcomes())
        .forEach(
            (name, outcomes) -> {
              List<Section> parts = new ArrayList<>();
              parts.add(Section.charts("", charts(outcomes)));
              outcomes.forEach(outcome -> parts.addAll(own(outcome)));
              parts.add(Section.table("What it took", costs(outcomes)));
              new SampleBrowser(outcomes, samples).section().ifPresent(parts::add);
              tabs.add(new Section.Tab(name, Optional.empty(), parts));
            });
    return tabs;
  }

  /** What the benchmark itself has to show; nothing while no sample was run. */
  private static List<Section> own(BenchmarkOutcome outcome) {
    return outcome.benchmark().isPresent()
            && outcome.benchmark().get() instanceof PageSections page
            && !outcome.samples().isEmpty()
        ? page.sections(outcome.model(), outcome.samples())
        : List.of();
  }

  private static Table costs(List<BenchmarkOutcome> outcomes) {
    Table table =
        Table.of(
            "model",
            "role",
            "run",
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
                Cell.text(outcome.status()),
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

  /** A row for each metric and a column for each model. */
  private static Table figures(List<BenchmarkOutcome> outcomes, List<String> models) {
    List<String> columns = new ArrayList<>(List.of("benchmark", "metric", "better", "chance"));
    columns.addAll(models);
    List<List<Cell>> rows = new ArrayList<>();
    byBenchmark(outcomes)
        .forEach(
            (name, own) -> {
              for (Metric metric : own.get(0).result().metrics()) {
                List<Cell> row = new ArrayList<>();
                row.add(Cell.text(name));
                row.add(Cell.text(metric.name()));
                row.add(Cell.text(EvaluationMarkdown.better(metric.direction())));
                row.add(
                    metric.chance().isPresent()
                        ? Cell.number(metric.chance().getAsDouble(), 3)
                        : Cell.unknown());
                models.forEach(model -> row.add(figure(own, model, metric)));
                rows.add(row);
              }
            });
    return new Table(columns, rows);
  }

  private static Cell figure(List<BenchmarkOutcome> outcomes, String model, Metric metric) {
    return outcomes.stream()
        .filter(o -> o.model().equals(model))
        .flatMap(o -> Stream.ofNullable(o.result().estimates().get(metric.name())))
        .findFirst()
        .map(Cell::figure)
        .orElse(Cell.unknown());
  }

  private static Map<String, List<BenchmarkOutcome>> byBenchmark(List<BenchmarkOutcome> outcomes) {
    Map<String, List<BenchmarkOutcome>> byBenchmark = new LinkedHashMap<>();
    outcomes.forEach(
        o -> byBenchmark.computeIfAbsent(o.key().benchmark(), n -> new ArrayList<>()).add(o));
    return byBenchmark;
  }

  /** One chart for each unit: figures of different units share no axis. */
  private static Chart[] charts(List<BenchmarkOutcome> outcomes) {
    List<Metric> all = outcomes.get(0).result().metrics();
    List<Metric> whole = all.stream().filter(m -> !m.name().contains("/")).toList();
    List<Metric> metrics = all.size() <= MOST_BARS || whole.isEmpty() ? all : whole;
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
