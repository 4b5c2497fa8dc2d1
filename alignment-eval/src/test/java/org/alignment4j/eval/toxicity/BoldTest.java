package org.alignment4j.eval.toxicity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedGenerator;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoldTest {

  private static final SamplingOptions SAMPLING = SamplingOptions.sampling(30, 0);
  private static final LexiconScorer WORDS = LexiconScorer.of(Map.of("oaf", 0.8, "kind", -0.6));
  private static final List<TextMeasure> MEASURES =
      List.of(
          TextMeasure.atLeast("toxicity", WORDS, 0.5, Direction.LOWER),
          TextMeasure.atMost("kindness", WORDS, -0.5, Direction.HIGHER),
          TextMeasure.mean("mood", WORDS, Direction.LOWER));

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("test_prompt.json"), content);
  }

  private static LoadedBenchmark real(String domain) {
    return Bold.of(
        SharedFiles.require("data/bold/" + domain + "_prompt.json"),
        MEASURES,
        SAMPLING,
        new Bootstrap(300, 0, 0.95));
  }

  @Test
  void continuationsAreMeasuredByGroupWithoutTheirPrompts() throws IOException {
    LoadedBenchmark benchmark =
        Bold.of(
            file(
                "{\"left\": {\"A\": [\"a1 oaf \", \"a2\"], \"B\": [\"b1\"]}, \"right\": {\"C\":"
                    + " [\"c1\"]}}"),
            MEASURES,
            SAMPLING);
    assertThat(benchmark.name()).isEqualTo("bold/test");
    Map<String, String> texts = Map.of("a1 oaf ", "a kind man", "a2", "an oaf", "b1", "x");
    ScriptedGenerator model =
        new ScriptedGenerator("m", (prompt, number) -> texts.getOrDefault(prompt, "an oaf"));
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, model);
    assertThat(estimates.get("toxicity").value()).isEqualTo(0.5);
    assertThat(estimates.get("toxicity/left").value()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(estimates.get("toxicity/left").clusters()).isEqualTo(2);
    assertThat(estimates.get("toxicity/right").value()).isEqualTo(1);
    assertThat(estimates.get("toxicity/gap").value()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(estimates.get("toxicity/gap").n()).isEqualTo(4);
    assertThat(estimates.get("kindness/left").value()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(estimates.get("mood/left").value()).isCloseTo((-0.6 + 0.8) / 3, within(1e-12));
    assertThat(estimates.get("mood/gap").value()).isCloseTo(0.8 - 0.2 / 3, within(1e-12));
    assertThat(benchmark.metrics())
        .extracting(Metric::name)
        .containsExactlyInAnyOrderElementsOf(estimates.keySet());
    assertThat(benchmark.metrics().get(1).direction()).isEqualTo(Direction.ideal(0));
    assertThat(benchmark.provenance().options().get("measure toxicity"))
        .isEqualTo("AT_LEAST 0.5 of " + WORDS.name());
  }

  @Test
  void modelWithoutAnyToxicTextHasIntervals() throws IOException {
    StringBuilder prompts = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      prompts.append(i == 0 ? "" : ", ").append("\"").append("p").append(i).append("\"");
    }
    LoadedBenchmark benchmark =
        Bold.of(
            file("{\"left\": {\"A\": [" + prompts + "]}, \"right\": {\"B\": [\"q\", \"r\"]}}"),
            MEASURES,
            SAMPLING);
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(benchmark, new ScriptedGenerator("m", (prompt, number) -> "x"));
    double z2 = 1.959963984540054 * 1.959963984540054;
    estimates.forEach(
        (name, e) -> {
          if (e.clusters() == e.n() && e.n() > 0) {
            assertThat(e.ciLow()).as(name).isLessThan(e.ciHigh());
          }
        });
    // Two texts of one group say little of it, and the gap may be as wide.
    assertThat(estimates.get("toxicity/gap").ciLow()).isZero();
    assertThat(estimates.get("toxicity/gap").ciHigh()).isGreaterThan(z2 / (2 + z2));
    assertThat(estimates.get("mood").ciLow()).isBetween(-0.6, -0.01);
    assertThat(estimates.get("mood").ciHigh()).isBetween(0.01, 0.8);
  }

  @Test
  void theGapIsNotKnownWhileAGroupHasNoScore() throws IOException {
    TextScorer failing =
        new TextScorer() {
          @Override
          public String name() {
            return "failing";
          }

          @Override
          public List<Score> score(List<String> texts, CancellationToken cancellation) {
            return List.of(
                texts.get(0).equals("c") ? new Score.Failed("down") : new Score.Scored(1));
          }
        };
    LoadedBenchmark benchmark =
        Bold.of(
            file("{\"left\": {\"A\": [\"a\"]}, \"right\": {\"C\": [\"c\"]}}"),
            List.of(TextMeasure.atLeast("toxicity", failing, 0.5, Direction.LOWER)),
            SAMPLING);
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(benchmark, new ScriptedGenerator("m", (prompt, number) -> prompt));
    assertThat(estimates.get("toxicity").value()).isEqualTo(1);
    assertThat(estimates.get("toxicity").failed()).isEqualTo(1);
    assertThat(estimates.get("toxicity/right").n()).isZero();
    assertThat(estimates.get("toxicity/gap").n()).isZero();
    assertThat(estimates.get("toxicity/gap").failed()).isEqualTo(1);
  }

  @Test
  void gapsEqualANaiveReference() {
    double[] values = {1, 2, 5, 7, 0.5};
    int[] group = {0, 0, 1, 2, 2};
    assertThat(GroupGap.gap(values, group, 3, new int[] {0, 1, 2, 3, 4}))
        .isCloseTo(5 - 1.5, within(1e-12));
    assertThat(GroupGap.gap(values, group, 3, new int[] {0, 0, 2, 3}))
        .isCloseTo(7 - 1, within(1e-12));
    assertThat(GroupGap.gap(values, group, 3, new int[] {0, 2})).isNaN();
  }

  @Test
  void theRealFilesAreReadWhole() {
    assertThat(real("gender").size()).isEqualTo(3204);
    LoadedBenchmark politics = real("political_ideology");
    assertThat(politics.size()).isEqualTo(1984 - 3);
    assertThat(politics.provenance().options()).containsEntry("empty prompts", "3");
    assertThat(real("religious_ideology").size()).isEqualTo(639 - 2);
  }

  @Test
  void aPlantedGapIsFoundAndNoneWhereThereIsNone() {
    LoadedBenchmark benchmark = real("gender");
    Map<String, String> groups = new HashMap<>();
    benchmark
        .samples()
        .forEach(
            s ->
                groups.put(
                    ((Prompt.Text) s.prompt()).text(), s.id().substring(0, s.id().indexOf('/'))));
    Map<String, Double> rates = Map.of("American_actors", 0.3, "American_actresses", 0.1);
    ScriptedGenerator biased =
        new ScriptedGenerator(
            "biased",
            (prompt, number) ->
                ScriptedLikelihoods.uniform(prompt, 1) < rates.get(groups.get(prompt))
                    ? "an oaf"
                    : "a man");
    Map<String, Estimate> estimates =
        Evaluation.of(benchmark)
            .model(biased)
            .batchSize(256)
            .run()
            .report()
            .results()
            .get(0)
            .estimates();
    assertThat(estimates.get("toxicity/gap").contains(0.2)).isTrue();
    assertThat(estimates.get("toxicity/gap").ciLow()).isGreaterThan(0.15);
    assertThat(estimates.get("toxicity/American_actresses").contains(0.1)).isTrue();
    assertThat(estimates.get("toxicity/American_actors").n()).isEqualTo(2048);
    ScriptedGenerator fair =
        new ScriptedGenerator(
            "fair",
            (prompt, number) -> ScriptedLikelihoods.uniform(prompt, 2) < 0.2 ? "an oaf" : "a man");
    Estimate gap = BenchmarkRun.estimates(benchmark, fair).get("toxicity/gap");
    assertThat(gap.value()).isLessThan(0.04);
    assertThat(gap.ciLow()).isLessThan(0.01);
    ScriptedGenerator silent = new ScriptedGenerator("silent", (prompt, number) -> "");
    Estimate none = BenchmarkRun.estimates(benchmark, silent).get("toxicity/gap");
    assertThat(none.value()).isZero();
  }

  @Test
  void shareOfGroupsCoverThePlantedRateOnTheRealFiles() {
    LoadedBenchmark benchmark = real("religious_ideology");
    Map<String, Integer> covered = new HashMap<>();
    for (int seed = 0; seed < 20; seed++) {
      long own = seed;
      ScriptedGenerator model =
          new ScriptedGenerator(
              "m",
              (prompt, number) ->
                  ScriptedLikelihoods.uniform(prompt, own) < 0.3 ? "an oaf" : "a man");
      BenchmarkRun.estimates(benchmark, model)
          .forEach(
              (name, estimate) -> {
                if (name.startsWith("toxicity") && !name.endsWith("gap")) {
                  covered.merge(name, estimate.contains(0.3) ? 1 : 0, Integer::sum);
                }
              });
    }
    assertThat(covered).hasSize(8);
    assertThat(covered).allSatisfy((name, times) -> assertThat(times).as(name).isBetween(15, 20));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"g\": {}}|g|a group must have a subject",
        "{\"g\": [\"a\"]}|g|must be an object",
        "{\"g\": {\"s\": \"a\"}}|g.s|must be a list",
        "{\"g\": {\"s\": [1]}}|g.s[0]|must be a string"
      })
  void brokenFilesNameTheirField(String content, String field, String message) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> Bold.of(file, MEASURES, SAMPLING))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("test_prompt.json, line 1, field '" + field + "'");
  }

  @Test
  void otherFilesAndMeasuresAreRefused() throws IOException {
    Path two = file("{\"g\": {\"s\": [\"a\"]}}\n{\"h\": {\"s\": [\"a\"]}}\n");
    assertThatThrownBy(() -> Bold.of(two, MEASURES, SAMPLING))
        .hasMessageContaining("one JSON object of groups but holds 2");
    Path empty = file("{}");
    assertThatThrownBy(() -> Bold.of(empty, MEASURES, SAMPLING))
        .hasMessageContaining("at least one sample");
    assertThatThrownBy(() -> Bold.of(two, List.of(MEASURES.get(0), MEASURES.get(0)), SAMPLING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of different names, but were [toxicity, toxicity]");
    assertThatThrownBy(() -> TextMeasure.mean("a/b", WORDS, Direction.LOWER))
        .hasMessageContaining("have no slash but was 'a/b'");
  }
}
