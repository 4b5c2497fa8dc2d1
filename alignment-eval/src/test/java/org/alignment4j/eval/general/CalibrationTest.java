package org.alignment4j.eval.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.JsonDocument;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationPage;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.ChoiceAccuracy;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private static final String CHOICES = "wxyz";

  private static LoadedBenchmark benchmark(int items, int[] labels) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      samples.add(
          Sample.choice(
              "" + i,
              Prompt.text("item " + i),
              List.of("w", "x", "y", "z"),
              List.of(CHOICES.substring(labels[i], labels[i] + 1))));
    }
    return new LoadedBenchmark(
        "four",
        "1",
        samples,
        new LoadedBenchmark.Method(
            List.of(Metric.of("acc", "fraction", org.alignment4j.api.evaluation.Direction.HIGHER)),
            ChoiceLikelihood.afterSpace(),
            new ChoiceAccuracy(),
            results -> Map.of("acc", MetricScores.of(results, "acc").proportion())),
        List.of(),
        Map.of());
  }

  private static int index(String prompt) {
    return Integer.parseInt(prompt.substring("item ".length()));
  }

  /** Log-probabilities whose softmax is a table of probabilities. */
  private static ScriptedLikelihoods model(double[][] logits) {
    return new ScriptedLikelihoods(
        (prompt, text) -> {
          double[] row = logits[index(prompt)];
          double highest = Math.max(Math.max(row[0], row[1]), Math.max(row[2], row[3]));
          return row[CHOICES.indexOf(text.strip())] - highest - 3;
        });
  }

  @Test
  void errorsEqualThoseOfTheReferenceImplementation() throws IOException {
    Path file = SharedFiles.require("fixtures/eval/ece.json");
    // The rows of logits are lists, which rows of data have no reader for.
    String text =
        Files.readString(file).replaceAll("\\[(-?[0-9][^\\[\\]]*)\\](?=[,\\]])", "{\"v\":[$1]}");
    Row fixture =
        JsonDocument.parse(
                "ece.json",
                text.replaceFirst("\"labels\": \\{\"v\":(\\[[^]]*])\\}", "\"labels\": $1"))
            .root();
    List<Row> rows = fixture.objects("logits");
    double[][] logits = rows.stream().map(row -> row.numbers("v")).toArray(double[][]::new);
    double[] numbers = fixture.numbers("labels");
    int[] labels = java.util.Arrays.stream(numbers).mapToInt(x -> (int) x).toArray();
    LoadedBenchmark benchmark = benchmark(labels.length, labels);
    for (int bins : new int[] {5, 10, 15, 20}) {
      Calibration calibration = Calibration.of(benchmark, bins, new Bootstrap(50, 1, 0.95));
      Map<String, Estimate> estimates = BenchmarkRun.estimates(calibration, model(logits));
      double expected = fixture.object("ece").number("" + bins);
      assertThat(estimates.get("ece_width").value()).isCloseTo(expected, within(1e-6));
      assertThat(estimates.get("ece_width").n()).isEqualTo(300);
    }
  }

  @Test
  void figuresAreThoseOfNaiveSums() {
    int n = 60;
    double[][] logits = new double[n][4];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = (int) (4 * ScriptedLikelihoods.uniform("label" + i, 3));
      for (int k = 0; k < 4; k++) {
        logits[i][k] = 3 * ScriptedLikelihoods.uniform(i + "/" + k, 4) + (k == labels[i] ? 1 : 0);
      }
    }
    double binary = 0;
    double multiclass = 0;
    double over = 0;
    for (int i = 0; i < n; i++) {
      double total = 0;
      int best = 0;
      for (int k = 0; k < 4; k++) {
        total += Math.exp(logits[i][k]);
        best = logits[i][k] > logits[i][best] ? k : best;
      }
      double p = Math.exp(logits[i][best]) / total;
      double right = best == labels[i] ? 1 : 0;
      binary += (p - right) * (p - right) / n;
      over += (p - right) / n;
      for (int k = 0; k < 4; k++) {
        double error = Math.exp(logits[i][k]) / total - (k == labels[i] ? 1 : 0);
        multiclass += error * error / n;
      }
    }
    Calibration calibration = Calibration.of(benchmark(n, labels));
    Map<String, Estimate> estimates = BenchmarkRun.estimates(calibration, model(logits));
    assertThat(estimates.get("brier").value()).isCloseTo(binary, within(1e-12));
    assertThat(estimates.get("brier_multiclass").value()).isCloseTo(multiclass, within(1e-12));
    assertThat(estimates.get("overconfidence").value()).isCloseTo(over, within(1e-12));
    assertThat(calibration.metrics())
        .extracting(Metric::name)
        .containsExactlyInAnyOrderElementsOf(estimates.keySet());
    assertThat(calibration.version()).isEqualTo("1+calibration");
    assertThat(calibration.provenance().options()).containsEntry("calibrationBins", "10");
    String page =
        Report.builder("r")
            .add(calibration.sections("m", BenchmarkRun.results(calibration, model(logits))).get(0))
            .build()
            .html();
    Section.Tabular table =
        (Section.Tabular)
            calibration.sections("m", BenchmarkRun.results(calibration, model(logits))).get(1);
    assertThat(table.table().rows()).hasSize(10);
    assertThat(table.note())
        .startsWith(String.format(java.util.Locale.ROOT, "Brier score %.4f = reliability", binary));
    assertThat(page).contains("Only 60 answers").contains("Reliability on four");
    EvaluationRun run = Evaluation.of(calibration).model(model(logits)).run();
    assertThat(EvaluationPage.of(run, 0).html()).contains("Reliability on four");
  }

  /** Labels are drawn from the model's own probabilities, so that it is calibrated by making. */
  @Test
  void aCalibratedModelHasNoErrorBeyondNoiseAndASureOneHas() {
    int n = 4000;
    double[][] logits = new double[n][4];
    double[][] sure = new double[n][4];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      double total = 0;
      for (int k = 0; k < 4; k++) {
        logits[i][k] = 3 * ScriptedLikelihoods.uniform(i + "/" + k, 5);
        sure[i][k] = 3 * logits[i][k];
        total += Math.exp(logits[i][k]);
      }
      double draw = ScriptedLikelihoods.uniform("draw" + i, 6) * total;
      while (draw > Math.exp(logits[i][labels[i]]) && labels[i] < 3) {
        draw -= Math.exp(logits[i][labels[i]]);
        labels[i]++;
      }
    }
    Calibration calibration = Calibration.of(benchmark(n, labels), 10, new Bootstrap(300, 1, 0.95));
    Map<String, Estimate> good = BenchmarkRun.estimates(calibration, model(logits));
    Map<String, Estimate> bad = BenchmarkRun.estimates(calibration, model(sure));
    for (String name : List.of("ece_width", "ece_mass")) {
      assertThat(good.get(name).value()).isLessThan(0.03);
      assertThat(bad.get(name).ciLow()).isGreaterThan(0.15);
    }
    assertThat(good.get("overconfidence").contains(0)).isTrue();
    assertThat(bad.get("overconfidence").ciLow()).isGreaterThan(0.15);
    assertThat(good.get("auroc").ciLow()).isGreaterThan(0.55);
    assertThat(good.get("selective_accuracy_10").value())
        .isGreaterThan(good.get("acc").value() + 0.1);
  }

  @Test
  void guessingIsAtChanceAndANullModelHasNoOrder() {
    int n = 1000;
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % 4;
    }
    Calibration calibration = Calibration.of(benchmark(n, labels), 10, new Bootstrap(200, 1, 0.95));
    int inside = 0;
    for (int seed = 0; seed < 10; seed++) {
      Map<String, Estimate> random =
          BenchmarkRun.estimates(calibration, ScriptedLikelihoods.random(seed));
      for (String name : List.of("auroc", "selective_accuracy_10", "selective_area")) {
        double chance =
            calibration.metrics().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow()
                .chance()
                .orElseThrow();
        inside += random.get(name).contains(chance) ? 1 : 0;
      }
    }
    assertThat(inside).isGreaterThanOrEqualTo(26);
    Map<String, Estimate> tied =
        BenchmarkRun.estimates(calibration, ScriptedLikelihoods.constant());
    assertThat(tied.get("overconfidence").value()).isEqualTo(0.25);
    assertThat(tied.get("brier_multiclass").value()).isCloseTo(0.75, within(1e-12));
    assertThat(tied.get("auroc").n()).isZero();
    assertThat(tied.get("auroc").value()).isNaN();
  }

  @Test
  void failuresAreCountedAndOtherBenchmarksRefused() {
    Calibration calibration = Calibration.of(benchmark(1, new int[] {0}));
    Map<String, Score> failed = new java.util.HashMap<>();
    calibration.metrics().forEach(metric -> failed.put(metric.name(), new Score.Failed("503")));
    Map<String, Estimate> estimates =
        calibration.estimate(List.of(new SampleResult("0", "0", failed, Map.of())));
    assertThat(estimates.get("ece_width").failed()).isEqualTo(1);
    assertThat(estimates.get("ece_width").n()).isZero();
    Map<String, Estimate> impossible =
        BenchmarkRun.estimates(
            calibration, new ScriptedLikelihoods((p, t) -> Double.NEGATIVE_INFINITY));
    assertThat(impossible.get("brier").unscored()).isEqualTo(1);

    LoadedBenchmark generated =
        new LoadedBenchmark(
            "open",
            "1",
            List.of(Sample.open("a", Prompt.text("x"), List.of("y"))),
            new LoadedBenchmark.Method(
                List.of(),
                Generation.once(SamplingOptions.greedy(1)),
                new ChoiceAccuracy(),
                r -> Map.of()),
            List.of(),
            Map.of());
    assertThatThrownBy(() -> Calibration.of(generated))
        .hasMessageContaining("must be solved by likelihood")
        .hasMessageContaining("'open'");
    assertThatThrownBy(() -> Calibration.of(benchmark(1, new int[] {0}), 0, Bootstrap.seeded(1)))
        .hasMessageContaining("bins must be at least 1");
  }
}
