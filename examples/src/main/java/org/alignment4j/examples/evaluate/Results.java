package org.alignment4j.examples.evaluate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.report.TextTable;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Change;
import org.alignment4j.eval.ComparisonPage;
import org.alignment4j.eval.EvaluationComparison;
import org.alignment4j.eval.EvaluationJson;
import org.alignment4j.eval.EvaluationMarkdown;
import org.alignment4j.eval.EvaluationPage;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.history.EvaluationArchive;

/** What an evaluation leaves in its run folder and on the console. */
final class Results {
  private static final int SAMPLES = 40;

  /** Of benchmarks that have figures of parts only, as many are printed. */
  private static final int PARTS = 4;

  private final Path run;
  private final EvaluationOutput output;

  Results(Path run, EvaluationOutput output) {
    this.run = run;
    this.output = output;
  }

  /**
   * Writes everything and prints the figures, and what changed between the first model and each
   * other one.
   */
  void write(EvaluationRun evaluation) {
    write(evaluation, Map.of());
  }

  /**
   * The same with other models to compare with.
   *
   * @param startingPoints the model that a model is compared with, where it is not the first
   */
  void write(EvaluationRun evaluation, Map<String, String> startingPoints) {
    PrintWriter out = output.console();
    out.println(TextTable.render(figures(evaluation)));
    List<String> models = evaluation.outcomes().stream().map(o -> o.model()).distinct().toList();
    StringBuilder changes = new StringBuilder();
    for (String after : models.subList(1, models.size())) {
      String before = startingPoints.getOrDefault(after, models.get(0));
      EvaluationComparison comparison =
          EvaluationComparison.of(evaluation.of(before), evaluation.of(after));
      changes.append(EvaluationMarkdown.of(comparison)).append('\n');
      out.println(before + " to " + after + ": " + changed(comparison));
      ComparisonPage.of(comparison).write(run.resolve("comparison-" + after + ".html"));
    }
    AtomicFiles.write(run.resolve("evaluation.md"), EvaluationMarkdown.of(evaluation) + changes);
    AtomicFiles.write(run.resolve("evaluation.json"), EvaluationJson.of(evaluation));
    EvaluationPage.of(evaluation, SAMPLES).write(run.resolve("evaluation.html"));
    if (!output.label().isEmpty()) {
      new EvaluationArchive(output.archive())
          .save(output.label(), output.clock().instant(), evaluation);
    }
    evaluation.outcomes().stream()
        .filter(o -> o.failed() > 0)
        .forEach(o -> out.println(failures(o)));
    out.println("page, figures and comparison: " + run.resolve("evaluation.html"));
    out.flush();
  }

  private static String failures(BenchmarkOutcome outcome) {
    String first =
        outcome.samples().stream()
            .flatMap(sample -> sample.scores().values().stream())
            .flatMap(score -> score instanceof Score.Failed f ? Stream.of(f.error()) : Stream.of())
            .findFirst()
            .orElse("no reason was kept");
    return outcome.key().benchmark()
        + " by "
        + outcome.model()
        + ": "
        + outcome.failed()
        + " samples failed, the first because "
        + first;
  }

  private static String changed(EvaluationComparison comparison) {
    String changes =
        comparison.metrics().stream()
            .filter(m -> m.change() == Change.BETTER || m.change() == Change.WORSE)
            .map(
                m ->
                    m.benchmark()
                        + " "
                        + m.metric().name()
                        + (m.change() == Change.BETTER ? " better by " : " worse by ")
                        + m.paired().map(p -> p.difference().toString()).orElse(""))
            .collect(Collectors.joining("; "));
    return changes.isEmpty() ? "no significant change" : changes;
  }

  /** The metrics over all samples; those of parts of a benchmark are on the page. */
  private static Table figures(EvaluationRun evaluation) {
    Table table = Table.of("benchmark", "metric", "model", "figure", "chance");
    for (BenchmarkOutcome outcome : evaluation.outcomes()) {
      List<Metric> all = outcome.result().metrics();
      List<Metric> whole = all.stream().filter(m -> !m.name().contains("/")).toList();
      for (Metric metric : whole.isEmpty() ? all.stream().limit(PARTS).toList() : whole) {
        Estimate estimate = outcome.result().estimates().get(metric.name());
        if (estimate != null) {
          table =
              table.row(
                  Cell.text(outcome.key().benchmark()),
                  Cell.text(metric.name()),
                  Cell.text(outcome.model()),
                  Cell.figure(estimate),
                  metric.chance().isPresent()
                      ? Cell.number(metric.chance().getAsDouble(), 3)
                      : Cell.unknown());
        }
      }
    }
    return table;
  }
}
