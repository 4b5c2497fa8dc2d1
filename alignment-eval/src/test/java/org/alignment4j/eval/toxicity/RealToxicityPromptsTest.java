package org.alignment4j.eval.toxicity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.gate.Gate;
import org.alignment4j.eval.gate.Gates;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedGenerator;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealToxicityPromptsTest {

  private static final ToxicityOptions FIVE =
      new ToxicityOptions(5, List.of(5, 2), SamplingOptions.sampling(20, 3), 0.5);

  @TempDir Path folder;

  /**
   * Reads the number that a text is; what is no number fails, and {@code unclear} has no verdict.
   */
  private static final TextScorer NUMBERS =
      new TextScorer() {
        @Override
        public String name() {
          return "numbers";
        }

        @Override
        public List<Score> score(List<String> texts, CancellationToken cancellation) {
          List<Score> scores = new ArrayList<>();
          for (String text : texts) {
            scores.add(
                switch (text) {
                  case "broken" -> new Score.Failed("broken");
                  case "unclear" -> new Score.Unscored("unclear");
                  default -> new Score.Scored(Double.parseDouble(text));
                });
          }
          return scores;
        }
      };

  private static String row(String text, String toxicity) {
    return "{\"filename\": \"f\", \"begin\": 0, \"end\": 9, \"challenging\": false, \"prompt\":"
        + " {\"text\": \""
        + text
        + "\", \"toxicity\": "
        + toxicity
        + ", \"profanity\": 0.1}, \"continuation\": {\"text\": \" c\", \"toxicity\": 0.2}}";
  }

  private Path file(String... rows) throws IOException {
    return Files.writeString(folder.resolve("prompts.jsonl"), String.join("\n", rows) + "\n");
  }

  private static LoadedBenchmark of(Path file) {
    return RealToxicityPrompts.of(file, NUMBERS, FIVE, ReadOptions.strict());
  }

  @Test
  void theWorstOfKIsAveragedOverPromptsAndToxicOnesAreApart() throws IOException {
    LoadedBenchmark benchmark = of(file(row("bad", "0.5"), row("good", "0.49"), row("x", "null")));
    Map<String, List<String>> texts =
        Map.of(
            "bad", List.of("0.1", "0.9", "0.2", "0.3", "0.6"),
            "good", List.of("0.0", "0.1", "0.2", "0.3", "0.4"),
            "x", List.of("0.5", "0.5", "0.5", "0.5", "0.5"));
    ScriptedGenerator model =
        new ScriptedGenerator(
            "m", (prompt, number) -> texts.getOrDefault(prompt, List.of()).get(number));
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, model);
    assertThat(model.asked()).hasSize(15);
    assertThat(value(estimates, "expected_maximum_toxicity@5/toxic")).isEqualTo(0.9);
    assertThat(value(estimates, "expected_maximum_toxicity@5/nontoxic")).isEqualTo(0.4);
    assertThat(value(estimates, "expected_maximum_toxicity@5"))
        .isCloseTo((0.9 + 0.4 + 0.5) / 3, within(1e-12));
    assertThat(value(estimates, "toxicity_probability@5")).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(value(estimates, "toxicity_probability@5/nontoxic")).isZero();
    // Of the ten pairs of continuations, three have no toxic one.
    assertThat(value(estimates, "toxicity_probability@2/toxic")).isCloseTo(0.7, within(1e-12));
    assertThat(value(estimates, "expected_maximum_toxicity@2/toxic"))
        .isCloseTo((4 * 0.9 + 3 * 0.6 + 2 * 0.3 + 0.2) / 10, within(1e-12));
    assertThat(value(estimates, "scored_continuations")).isEqualTo(1);
    assertThat(benchmark.metrics())
        .extracting(Metric::name)
        .containsExactlyInAnyOrderElementsOf(estimates.keySet());
    assertThat(benchmark.metrics().get(0).direction()).isEqualTo(Direction.LOWER);
    assertThat(benchmark.provenance().options()).containsEntry("scorer", "numbers");
  }

  private static double value(Map<String, Estimate> estimates, String name) {
    return estimates.get(name).value();
  }

  @Test
  void modelWithoutAnyToxicTextPassesItsGate() throws IOException {
    String[] rows = new String[80];
    Arrays.setAll(rows, i -> row("p" + i, i % 2 == 0 ? "0.9" : "0.1"));
    EvaluationRun run =
        Evaluation.of(of(file(rows)))
            .model(new ScriptedGenerator("clean", (prompt, number) -> "0.0"))
            .run();
    String worst = "expected_maximum_toxicity@5";
    Gate gate = Gate.atMost("real-toxicity-prompts", worst, 0.05);
    assertThat(Gates.of(gate).check(run).open()).isTrue();
    assertThat(Gates.of(Gate.atMost("real-toxicity-prompts", worst, 0.04)).check(run).open())
        .isFalse();
  }

  @Test
  void scoreOutsideItsRangeIsAFailureAndNoFigure() throws IOException {
    LoadedBenchmark benchmark = of(file(row("a", "0.1"), row("b", "0.1")));
    ScriptedGenerator model =
        new ScriptedGenerator("m", (prompt, number) -> prompt.equals("b") ? "0.8" : "7");
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, model);
    assertThat(value(estimates, "expected_maximum_toxicity@5")).isEqualTo(0.8);
    assertThat(estimates.get("expected_maximum_toxicity@5").failed()).isEqualTo(1);
  }

  @Test
  void scoresThatAreMissingAreNeverZero() throws IOException {
    LoadedBenchmark benchmark = of(file(row("a", "0.1"), row("b", "0.1")));
    ScriptedGenerator model =
        new ScriptedGenerator(
            "m",
            (prompt, number) ->
                prompt.equals("b") || number > 1 ? "0.8" : number == 0 ? "broken" : "unclear");
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, model);
    assertThat(value(estimates, "expected_maximum_toxicity@5")).isEqualTo(0.8);
    assertThat(estimates.get("expected_maximum_toxicity@5").n()).isEqualTo(1);
    // A call that failed is a failure, so that it is tried again.
    assertThat(estimates.get("expected_maximum_toxicity@5").failed()).isEqualTo(1);
    assertThat(value(estimates, "expected_maximum_toxicity@2")).isCloseTo(0.8, within(1e-12));
    assertThat(estimates.get("expected_maximum_toxicity@2").n()).isEqualTo(2);
    assertThat(value(estimates, "scored_continuations")).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void aPlantedRateOfToxicTextsIsFound() throws IOException {
    String[] rows = new String[300];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row("p" + i, "0.2");
    }
    LoadedBenchmark benchmark = RealToxicityPrompts.of(file(rows), NUMBERS, 0);
    ScriptedGenerator model =
        new ScriptedGenerator(
            "m",
            (prompt, number) ->
                ScriptedLikelihoods.uniform(prompt + number, 1) < 0.05 ? "0.9" : "0.1");
    Map<String, Estimate> estimates =
        Evaluation.of(benchmark).model(model).run().report().results().get(0).estimates();
    for (int k : List.of(25, 10, 1)) {
      double toxic = 1 - Math.pow(0.95, k);
      assertThat(estimates.get("toxicity_probability@" + k).contains(toxic)).isTrue();
      assertThat(estimates.get("expected_maximum_toxicity@" + k).contains(0.1 + 0.8 * toxic))
          .isTrue();
    }
    assertThat(estimates.get("toxicity_probability@25").value()).isBetween(0.6, 0.85);
  }

  @Test
  void aRunFindsWhatTheBenchmarkItselfFinds() throws IOException {
    LoadedBenchmark benchmark = of(file(row("a", "0.7"), row("b", "0.1"), row("c", "0.1")));
    ScriptedGenerator model =
        new ScriptedGenerator(
            "m", (prompt, number) -> "" + ScriptedLikelihoods.uniform(prompt + number, 4));
    Map<String, Estimate> once =
        Evaluation.of(benchmark)
            .model(model)
            .batchSize(2)
            .run()
            .report()
            .results()
            .get(0)
            .estimates();
    assertThat(once).isEqualTo(BenchmarkRun.estimates(benchmark, model));
    assertThat(benchmark.solver().requires()).isEqualTo(Set.of(LanguageModel.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0.2|1.5|prompt.toxicity|must be from 0 to 1 but was 1.5",
        "0.2|\"x\"|prompt.toxicity|must be a finite number",
        "\"b\"|\" \"|prompt.text|text must not be empty",
        "\"text\": \"b\", | |prompt.text|required"
      })
  void brokenRowsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    String broken = row("b", "0.2").replace(good, bad == null ? "" : bad);
    // The continuation's own toxicity is no part of the format.
    Path file = file(row("a", "0.2"), broken);
    assertThatThrownBy(() -> of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("prompts.jsonl, line 2, field '" + field + "'");
    assertThat(RealToxicityPrompts.of(file, NUMBERS, FIVE, ReadOptions.tolerant()).size())
        .isEqualTo(1);
  }

  @Test
  void aScorerMustGiveOneScoreAText() throws IOException {
    TextScorer silent =
        new TextScorer() {
          @Override
          public String name() {
            return "silent";
          }

          @Override
          public List<Score> score(List<String> texts, CancellationToken cancellation) {
            return List.of();
          }
        };
    LoadedBenchmark benchmark =
        RealToxicityPrompts.of(file(row("a", "0.2")), silent, FIVE, ReadOptions.strict());
    ScriptedGenerator model = new ScriptedGenerator("m", (prompt, number) -> "0.1");
    Map<String, Estimate> estimates =
        Evaluation.of(benchmark).model(model).run().report().results().get(0).estimates();
    assertThat(estimates.get("expected_maximum_toxicity@5").n()).isZero();
    assertThat(estimates.get("expected_maximum_toxicity@5").failed()).isEqualTo(1);
  }
}
