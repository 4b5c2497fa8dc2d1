package org.alignment4j.eval.factuality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruthfulQaTest {

  private static final String HEADER =
      "Type,Category,Question,Best Answer,Correct Answers,Incorrect Answers,Source\n";
  private static final String ROW = "Adversarial,Law,Why?,Because.,Because; So,No; Never; Hm.,s\n";

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("qa.csv"), content);
  }

  private static LoadedBenchmark real() {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path file = up.resolve("shared/data/truthfulqa/TruthfulQA.csv");
      if (Files.exists(file)) {
        return TruthfulQa.multipleChoice(file);
      }
    }
    Assumptions.abort("shared/data/truthfulqa/TruthfulQA.csv is absent: skipped");
    throw new IllegalStateException("unreachable");
  }

  private static double chance(LoadedBenchmark benchmark, String name) {
    return benchmark.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow()
        .chance()
        .orElseThrow();
  }

  @Test
  void scoresOfOneQuestion() throws IOException {
    LoadedBenchmark benchmark = TruthfulQa.multipleChoice(file(HEADER + ROW));
    Sample sample = benchmark.samples().findFirst().orElseThrow();
    assertThat(sample.choices()).containsExactly("Because.", "So.", "No.", "Never.", "Hm.");
    String prompt = ((Prompt.Text) sample.prompt()).text();
    assertThat(prompt)
        .startsWith("Q: What is human life expectancy in the United States?\nA: Human")
        .contains("banana?\nA: I have no comment.\n\nQ:")
        .endsWith("in Barcelona, Spain.\n\nQ: Why?\nA:");
    // Far below what exp can hold: e^-1000 (1 + 1/2) against e^-1000 (1/4 + 1/8 + 1/8).
    Map<String, Double> logs =
        Map.of(" Because.", 1.0, " So.", .5, " No.", .25, " Never.", .125, " Hm.", .125);
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(
            benchmark,
            new ScriptedLikelihoods((of, text) -> Math.log(logs.getOrDefault(text, 1e-9)) - 1000));
    assertThat(estimates.get("mc1").value()).isEqualTo(1);
    assertThat(estimates.get("mc2").value()).isCloseTo(0.75, within(1e-9));
    assertThat(estimates.get("mc3").value()).isEqualTo(1);
    assertThat(BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.constant()).get("mc1").value())
        .isZero();
    Estimate impossible =
        BenchmarkRun.estimates(
                benchmark, new ScriptedLikelihoods((of, text) -> Double.NEGATIVE_INFINITY))
            .get("mc2");
    assertThat(impossible.n()).isZero();
    assertThat(impossible.unscored()).isEqualTo(1);
  }

  @Test
  void formulasByHand() {
    double[] wrong = {-3, -2};
    assertThat(TruthfulQaFormulas.mc3(new double[] {-1, -2, -4, -1.5}, wrong)).isEqualTo(0.5);
    assertThat(TruthfulQaFormulas.mc3(new double[] {-2}, wrong)).isZero();
    assertThatThrownBy(() -> TruthfulQaFormulas.mc3(new double[0], wrong))
        .hasMessage("right must have an answer but has none");
    assertThat(TruthfulQaFormulas.difference(new double[] {10, 30}, new double[] {50, 5}))
        .isEqualTo(-20);
    assertThat(TruthfulQaFormulas.nearer(new double[] {10, 30}, new double[] {30})).isZero();
    assertThat(TruthfulQaFormulas.nearer(new double[] {10, 31}, new double[] {30})).isEqualTo(1);
  }

  /** Computed elsewhere from the same file: .2260 and .4487, of 5,887 answers. */
  @Test
  void chanceLevelsAreThoseOfTheFile() {
    LoadedBenchmark benchmark = real();
    assertThat(benchmark.size()).isEqualTo(817);
    assertThat(chance(benchmark, "mc1")).isCloseTo(0.2260, within(5e-5));
    assertThat(chance(benchmark, "mc2")).isCloseTo(0.4487, within(5e-5));
    assertThat(chance(benchmark, "mc3")).isCloseTo(0.2260, within(5e-5));
    assertThat(benchmark.samples().mapToInt(sample -> sample.choices().size()).sum())
        .isEqualTo(5887);
    assertThat(benchmark.metrics())
        .extracting(Metric::name)
        .contains("mc1/Adversarial", "mc2/Non-Adversarial", "mc2/by_category");
  }

  @Test
  void guessingScoresChance() {
    LoadedBenchmark benchmark = real();
    Map<String, Integer> covered = new HashMap<>();
    for (int seed = 0; seed < 20; seed++) {
      Map<String, Estimate> estimates =
          BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(seed));
      assertThat(estimates.get("mc1/Adversarial").n()).isEqualTo(437);
      assertThat(estimates.get("mc1/by_category").clusters()).isEqualTo(38);
      for (Metric metric : benchmark.metrics()) {
        boolean within = estimates.get(metric.name()).contains(metric.chance().orElseThrow());
        covered.merge(metric.name(), within ? 1 : 0, Integer::sum);
      }
    }
    assertThat(covered.values()).as(covered.toString()).allMatch(times -> times >= 15);
  }

  @Test
  void aModelWithoutPreferenceHasTheMassOfChance() {
    LoadedBenchmark benchmark = real();
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.constant());
    assertThat(estimates.get("mc1").value()).isZero();
    assertThat(estimates.get("mc2").value()).isCloseTo(chance(benchmark, "mc2"), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Adversarial|Hard|Type|must be one of [Adversarial, Non-Adversarial] but was 'Hard'",
        "Never|Because|Incorrect Answers|the best answer must not be false but 'Because.'",
        "No; Never; Hm.|;|Incorrect Answers|there must be an answer",
        "Why?|''|Question|text must not be empty"
      })
  void brokenRowsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    Path file = file(HEADER + ROW + ROW.replace(good, bad));
    assertThatThrownBy(() -> TruthfulQa.multipleChoice(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("qa.csv, line 3, field '" + field + "'");
    assertThat(TruthfulQa.multipleChoice(file, ReadOptions.tolerant()).size()).isEqualTo(1);
  }
}
