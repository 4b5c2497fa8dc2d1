package org.alignment4j.eval.judged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmBarTest {
  @TempDir Path folder;

  private static BothOrders written() {
    return BothOrders.written(PairPrompt.choice(LlmBar.CRITERIA), SamplingOptions.greedy(64));
  }

  private Path file(String subset, String json) throws IOException {
    Path file = folder.resolve(subset).resolve("dataset.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, json, UTF_8);
    return file;
  }

  private LoadedBenchmark four() throws IOException {
    file(
        "Natural",
        """
        [{"input": "Say yes.", "output_1": "yes", "output_2": "no, and at length", "label": 1},
         {"input": "Say no.", "output_1": "yes, surely so", "output_2": "no", "label": 2}]
        """);
    file(
        "Adversarial/Neighbor",
        """
        [{"input": "Count.", "output_1": "one two three four", "output_2": "one", "label": 1},
         {"input": "Greet.", "output_1": "hi", "output_2": "hello there", "label": 1}]
        """);
    return LlmBar.of(folder, written());
  }

  private static Map<String, Estimate> run(LoadedBenchmark benchmark, LanguageModel judge) {
    return Evaluation.of(benchmark).model(judge).run().report().results().get(0).estimates();
  }

  @Test
  void aJudgeOfShortnessIsRightWhereTheShortOneIs() throws IOException {
    ScriptedJudge judge = ScriptedJudge.by("short", text -> -text.length());
    Map<String, Estimate> figures = run(four(), judge);
    assertThat(judge.calls).hasValue(8);
    assertThat(figures.get("accuracy").value()).isEqualTo(0.75);
    assertThat(figures.get("accuracy/Natural").value()).isEqualTo(1);
    assertThat(figures.get("accuracy/Adversarial").value()).isEqualTo(0.5);
    assertThat(figures.get("accuracy/Adversarial/Neighbor").value()).isEqualTo(0.5);
    assertThat(figures.get("position_consistency").value()).isEqualTo(1);
    assertThat(figures.get("first_shown").value()).isEqualTo(0.5);
  }

  @Test
  void aJudgeOfPlaceScoresChance() throws IOException {
    for (String place : new String[] {"A", "B"}) {
      Map<String, Estimate> figures = run(four(), ScriptedJudge.always(place));
      assertThat(figures.get("accuracy").value()).isEqualTo(0.5);
      assertThat(figures.get("position_consistency").value()).isZero();
      assertThat(figures.get("first_shown").value()).isEqualTo(place.equals("A") ? 1 : 0);
    }
  }

  @Test
  void aVerdictThatIsNotOnTheMenuIsNone() throws IOException {
    Map<String, Estimate> figures = run(four(), ScriptedJudge.always("C"));
    assertThat(figures.get("accuracy").n()).isZero();
    assertThat(figures.get("accuracy").unscored()).isEqualTo(4);
  }

  @Test
  void likelihoodsJudgeToo() throws IOException {
    four();
    LoadedBenchmark weighed =
        LlmBar.of(folder, BothOrders.weighed(PairPrompt.label(LlmBar.CRITERIA).asText()));
    ScriptedLikelihoods first =
        new ScriptedLikelihoods((prompt, text) -> text.equals(" A") ? -1 : -2);
    Map<String, Estimate> figures = BenchmarkRun.estimates(weighed, first);
    assertThat(figures.get("accuracy").value()).isEqualTo(0.5);
    assertThat(figures.get("first_shown").value()).isEqualTo(1);
    assertThat(first.calls().get(0)).hasSize(16);
    Map<String, Estimate> even = BenchmarkRun.estimates(weighed, ScriptedLikelihoods.constant());
    assertThat(even.get("accuracy").value()).isZero();
    assertThat(even.get("first_shown").value()).isEqualTo(0.5);
  }

  @Test
  void everyFigureHasChanceDirectionAndCitation() throws IOException {
    assertThat(four().metrics())
        .allSatisfy(
            (Metric metric) -> {
              assertThat(metric.chance()).hasValue(0.5);
              assertThat(metric.citation()).isNotBlank();
            });
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    assertThatThrownBy(() -> LlmBar.of(folder, written()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("give the folder that holds Natural and Adversarial");
    Path file = file("Natural", "[{\"input\": \"i\", \"output_1\": \"a\", \"label\": 1}]");
    assertThatThrownBy(() -> LlmBar.of(folder, written()))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("output_2");
    file("Natural", "[{\"input\": \"i\", \"output_1\": \"a\", \"output_2\": \"b\", \"label\": 3}]");
    assertThatThrownBy(() -> LlmBar.of(folder, written()))
        .hasMessageContaining("label")
        .hasMessageContaining("the label must be 1 or 2 but was 3");
    file("Natural", "[{\"input\": \"i\", \"output_1\": \"a\", \"output_2\": \"a\", \"label\": 1}]");
    assertThatThrownBy(() -> LlmBar.of(folder, written()))
        .hasMessageContaining("the outputs must differ");
    file("Natural", "[]");
    assertThatThrownBy(() -> LlmBar.of(folder, written())).isInstanceOf(DataFormatException.class);
  }

  @Test
  void theOfficialFilesJudgeScriptsAsTheyShould() {
    Path official = SharedFiles.require("data/llmbar");
    LoadedBenchmark benchmark = LlmBar.of(official, written());
    assertThat(benchmark.size()).isEqualTo(419);
    Map<String, Estimate> random =
        run(
            benchmark,
            new ScriptedJudge(
                "random",
                (r, a, b) -> ScriptedLikelihoods.uniform(r + "\0" + a, 5) < 0.5 ? "A" : "B"));
    assertThat(random.get("accuracy").contains(0.5)).isTrue();
    assertThat(random.get("position_consistency").contains(0.5)).isTrue();
    Map<String, Estimate> longer = run(benchmark, ScriptedJudge.by("long", String::length));
    assertThat(longer.get("accuracy/Adversarial").ciHigh()).isLessThan(0.5);
    Map<String, Estimate> place = run(benchmark, ScriptedJudge.always("A"));
    assertThat(place.get("accuracy").value()).isEqualTo(0.5);
    assertThat(place.get("accuracy").n()).isEqualTo(419);
    assertThat(place.get("accuracy/Natural").n()).isEqualTo(100);
    assertThat(place.get("accuracy/Adversarial").n()).isEqualTo(319);
  }
}
