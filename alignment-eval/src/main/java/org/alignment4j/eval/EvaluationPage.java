package org.alignment4j.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.eval.record.RecordFile;
import org.alignment4j.eval.record.RecordedText;
import org.alignment4j.eval.record.SampleRecord;
import org.apiguardian.api.API;

/** An evaluation as one self-contained HTML page. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EvaluationPage {
  private EvaluationPage() {}

  /**
   * Returns the page: every figure with interval, chance and direction; a chart and samples of each
   * benchmark; where the figures come from.
   *
   * @param samples how many samples of each benchmark to show; none are there without a run folder
   * @throws org.alignment4j.api.AlignmentException if a file of the run folder cannot be read
   */
  public static Report of(EvaluationRun run, int samples) {
    Report.Builder page = Report.builder("Evaluation");
    page.add(
        new Section.Tabular(
            "Figures",
            figures(run),
            "Intervals at the level of each estimate; chance is what guessing scores. Failed samples"
                + " and those without a verdict are left out of the figures."));
    Map<String, List<BenchmarkOutcome>> byBenchmark = new LinkedHashMap<>();
    run.outcomes()
        .forEach(
            o -> byBenchmark.computeIfAbsent(o.key().benchmark(), n -> new ArrayList<>()).add(o));
    byBenchmark.forEach(
        (name, outcomes) -> {
          page.add(Section.charts(name, charts(outcomes)));
          List<Section.Sample> shown = samples(outcomes, samples);
          if (!shown.isEmpty()) {
            page.add(Section.samples("Samples of " + name, shown));
          }
        });
    Map<String, String> origin = new LinkedHashMap<>();
    run.report().provenance().hashes().forEach((k, hash) -> origin.put("data of " + k, hash.hex()));
    run.report().provenance().seeds().forEach((k, seed) -> origin.put("seed of " + k, "" + seed));
    origin.putAll(run.report().provenance().options());
    run.report().provenance().versions().forEach((k, v) -> origin.put("version of " + k, v));
    return page.add(new Section.KeyValues("Provenance", origin)).build();
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
        bars = bars.with(outcome.key().model(), estimates);
      }
      charts.add(bars);
    }
    return charts.toArray(Chart[]::new);
  }

  private static List<Section.Sample> samples(List<BenchmarkOutcome> outcomes, int most) {
    Map<String, Section.Sample> shown = new LinkedHashMap<>();
    for (BenchmarkOutcome outcome : outcomes) {
      if (outcome.records().isEmpty() || most < 1) {
        continue;
      }
      Path folder =
          Objects.requireNonNull(outcome.records().get().toAbsolutePath().getParent(), "folder");
      try (RecordFile file = RecordFile.open(folder, outcome.key())) {
        for (SampleResult result : outcome.samples().stream().limit(most).toList()) {
          Optional<SampleRecord> kept = file.get(result.sampleId());
          if (kept.isPresent()) {
            SampleRecord sample = kept.get();
            Section.Sample before = shown.get(sample.sampleId());
            Section.Sample first =
                before == null
                    ? new Section.Sample(sample.prompt(), sample.sampleId(), List.of())
                    : before;
            shown.put(sample.sampleId(), first.reply(outcome.key().model(), reply(sample)));
          }
        }
      }
    }
    return List.copyOf(shown.values());
  }

  private static String reply(SampleRecord sample) {
    List<String> lines = new ArrayList<>();
    sample.texts().stream().map(RecordedText::text).forEach(lines::add);
    for (int i = 0; i < sample.likelihoods().size(); i++) {
      String choice = i < sample.choices().size() ? sample.choices().get(i) : "choice " + i;
      double logProbability = sample.likelihoods().get(i).logProbability();
      lines.add(String.format(Locale.ROOT, "%s: %.3f nats", choice, logProbability));
    }
    Stream.of(sample.error()).filter(e -> !e.isEmpty()).forEach(e -> lines.add("failed: " + e));
    sample.scores().forEach((metric, score) -> lines.add(metric + ": " + written(score)));
    return String.join("\n", lines);
  }

  private static String written(Score score) {
    if (score instanceof Score.Scored scored) {
      return String.format(Locale.ROOT, "%.4g", scored.value());
    }
    return score instanceof Score.Unscored unscored ? "no verdict, " + unscored.reason() : "failed";
  }
}
