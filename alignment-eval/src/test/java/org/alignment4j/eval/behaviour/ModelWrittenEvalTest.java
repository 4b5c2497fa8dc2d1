package org.alignment4j.eval.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.behaviour.Behaviour.Aim;
import org.alignment4j.eval.behaviour.Behaviour.Area;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelWrittenEvalTest {

  private static final List<String> FILES =
      List.of(
          "human_generated_evals/coordinate-itself",
          "human_generated_evals/corrigible-less-HHH",
          "human_generated_evals/corrigible-neutral-HHH",
          "human_generated_evals/power-seeking-inclination",
          "human_generated_evals/self-awareness-general-ai",
          "human_generated_evals/self-awareness-text-model",
          "human_generated_evals/survival-instinct",
          "persona/agreeableness",
          "persona/desire-for-acquiring-power",
          "persona/machiavellianism",
          "persona/no-shut-down",
          "persona/politically-liberal");

  private static final Behaviour POWER = new Behaviour("power", Area.POWER_SEEKING, Aim.AVOID);

  @TempDir Path folder;

  private Path file(String... rows) throws IOException {
    return Files.writeString(folder.resolve("evals.jsonl"), String.join("\n", rows) + "\n");
  }

  private static String row(String question, String match, String not) {
    return "{\"question\": \""
        + question
        + "\", \"answer_matching_behavior\": "
        + match
        + ", \"answer_not_matching_behavior\": "
        + not
        + "}";
  }

  private static LoadedBenchmark of(Path file) {
    return ModelWrittenEval.of(file, POWER, QuestionForm.DIALOGUE, ReadOptions.strict());
  }

  private static LoadedBenchmark real(String name) {
    return ModelWrittenEval.of(SharedFiles.require("data/anthropic-evals/" + name + ".jsonl"));
  }

  @Test
  void probabilitiesAreThoseOfTheTwoAnswers() throws IOException {
    LoadedBenchmark benchmark =
        of(
            file(
                row("q1", "\" (A)\"", "\" (B)\""),
                row("q2", "\" (B)\"", "\" (A)\""),
                row("q3", "\" (A)\"", "[\" (B)\", \" (C)\"]")));
    Map<String, Double> logs = Map.of(" (A)", Math.log(0.3), " (B)", Math.log(0.1), " (C)", -99.0);
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(
            benchmark,
            new ScriptedLikelihoods(
                (prompt, text) ->
                    prompt.contains("q3") ? Math.log(0.2) : logs.getOrDefault(text, 0.0)));
    double third = 1.0 / 3;
    assertThat(estimates.get("p_matching").value())
        .isCloseTo((0.75 + 0.25 + third) / 3, within(1e-12));
    assertThat(estimates.get("p_matching/(A)").value())
        .isCloseTo((0.75 + third) / 2, within(1e-12));
    assertThat(estimates.get("p_matching/(B)").value()).isCloseTo(0.25, within(1e-12));
    assertThat(estimates.get("p_matching/balanced").value())
        .isCloseTo((0.75 + 0.25) / 2, within(1e-12));
    assertThat(estimates.get("p_matching/balanced").n()).isEqualTo(2);
    assertThat(estimates.get("matching").value()).isCloseTo((1 + 0 + third) / 3, within(1e-12));
    assertThat(estimates.get("p_answer/(A)").value())
        .isCloseTo((0.75 + 0.75 + third) / 3, within(1e-12));
    assertThat(benchmark.metrics())
        .extracting(Metric::name)
        .containsExactlyInAnyOrderElementsOf(estimates.keySet());
    Metric first = benchmark.metrics().get(0);
    assertThat(first.chance().orElseThrow()).isCloseTo((0.5 + 0.5 + third) / 3, within(1e-12));
    assertThat(first.direction()).isEqualTo(Direction.LOWER);
  }

  @Test
  void impossibleAnswersHaveNoVerdict() throws IOException {
    LoadedBenchmark benchmark = of(file(row("q1", "\" (A)\"", "\" (B)\"")));
    Estimate estimate =
        BenchmarkRun.estimates(
                benchmark, new ScriptedLikelihoods((prompt, text) -> Double.NEGATIVE_INFINITY))
            .get("p_matching");
    assertThat(estimate.n()).isZero();
    assertThat(estimate.unscored()).isEqualTo(1);
  }

  @Test
  void questionsArePutAsADialogueByThemselvesOrAsAMessage() {
    assertThat(QuestionForm.DIALOGUE.prompt("Why?"))
        .isEqualTo(Prompt.text("Human: Why?\n\nAssistant:"));
    assertThat(QuestionForm.WRITTEN.prompt("Why?")).isEqualTo(Prompt.text("Why?"));
    assertThat(QuestionForm.ANSWER.prompt("Why?")).isEqualTo(Prompt.text("Why?\n\nAnswer:"));
    assertThat(QuestionForm.ANSWER.prompt("Why?\n\nAnswer:"))
        .isEqualTo(Prompt.text("Why?\n\nAnswer:"));
    assertThat(QuestionForm.CHAT.prompt("Why?")).isInstanceOf(Prompt.Chat.class);
  }

  @Test
  void answersFollowASpaceInTextAndNoneInAChat() throws IOException {
    Path file = file(row("q1", "\" Yes\"", "\" No\""));
    for (QuestionForm form : QuestionForm.values()) {
      ScriptedLikelihoods model = ScriptedLikelihoods.constant();
      BenchmarkRun.estimates(ModelWrittenEval.of(file, POWER, form, ReadOptions.strict()), model);
      assertThat(model.calls().get(0).get(0).toString())
          .contains(form == QuestionForm.CHAT ? "text=Yes" : "text= Yes");
    }
  }

  @Test
  void guessingScoresAtChanceOnEveryRealFile() {
    Map<String, Integer> covered = new HashMap<>();
    Map<String, Integer> asked = new HashMap<>();
    for (String name : FILES) {
      LoadedBenchmark benchmark = real(name);
      for (int seed = 0; seed < 20; seed++) {
        Map<String, Estimate> estimates =
            BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(seed));
        for (Metric metric : benchmark.metrics()) {
          Estimate estimate = estimates.get(metric.name());
          if (estimate.n() >= 100) {
            String key = name + " " + metric.name();
            boolean holds = estimate.contains(metric.chance().orElseThrow());
            covered.merge(key, holds ? 1 : 0, Integer::sum);
            asked.merge(key, 1, Integer::sum);
          }
        }
      }
    }
    assertThat(asked).hasSizeGreaterThan(50);
    assertThat(covered).allSatisfy((name, times) -> assertThat(times).as(name).isBetween(15, 20));
    int all = covered.values().stream().mapToInt(Integer::intValue).sum();
    assertThat((double) all / (20 * covered.size())).isBetween(0.92, 0.98);
  }

  @Test
  void aModelWithoutPreferenceScoresExactlyAtChance() {
    for (String name : FILES) {
      Map<String, Estimate> estimates =
          BenchmarkRun.estimates(real(name), ScriptedLikelihoods.constant());
      assertThat(estimates.get("p_matching").value()).as(name).isEqualTo(0.5);
      assertThat(estimates.get("matching").value()).as(name).isEqualTo(0.5);
    }
  }

  @Test
  void aPreferenceOfALetterIsSeenAndMovesUnbalancedFilesOnly() {
    ScriptedLikelihoods model =
        new ScriptedLikelihoods((prompt, text) -> text.equals(" (A)") ? -1 : -40);
    LoadedBenchmark balanced = real("human_generated_evals/corrigible-neutral-HHH");
    Map<String, Estimate> estimates = BenchmarkRun.estimates(balanced, model);
    assertThat(estimates.get("p_answer/(A)").value()).isCloseTo(1, within(1e-9));
    assertThat(estimates.get("matching").value()).isEqualTo(0.5);
    assertThat(estimates.get("p_matching/(B)").value()).isCloseTo(0, within(1e-9));
    assertThat(balanced.provenance().options())
        .containsEntry("matching answers", "(A) 170, (B) 170")
        .containsEntry("balanced", "true");
    LoadedBenchmark other = real("human_generated_evals/power-seeking-inclination");
    assertThat(BenchmarkRun.estimates(other, model).get("matching").value())
        .isCloseTo(376.0 / 998, within(1e-12));
    assertThat(BenchmarkRun.estimates(other, model).get("p_matching/balanced").value())
        .isCloseTo(0.5, within(1e-9));
    assertThat(other.provenance().options()).containsEntry("balanced", "false");
    assertThat(real("human_generated_evals/survival-instinct").provenance().options())
        .containsEntry("balanced", "false");
    Set<String> unbalanced = new TreeSet<>();
    FILES.stream()
        .filter(name -> "false".equals(real(name).provenance().options().get("balanced")))
        .forEach(unbalanced::add);
    assertThat(unbalanced).hasSize(2);
  }

  @Test
  void aPlantedRateIsFound() {
    LoadedBenchmark benchmark = real("persona/no-shut-down");
    Map<String, Boolean> shows = new HashMap<>();
    Map<String, String> match = new HashMap<>();
    benchmark
        .samples()
        .forEach(
            sample -> {
              String prompt = ((Prompt.Text) sample.prompt()).text();
              shows.put(prompt, ScriptedLikelihoods.uniform(prompt, 5) < 0.8);
              match.put(prompt, sample.targets().get(0));
            });
    ScriptedLikelihoods model =
        new ScriptedLikelihoods(
            (prompt, text) -> {
              boolean matching = text.strip().equals(match.get(prompt));
              return Math.log(matching == Boolean.TRUE.equals(shows.get(prompt)) ? 0.09 : 0.01);
            });
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, model);
    assertThat(estimates.get("matching").contains(0.8)).isTrue();
    assertThat(estimates.get("p_matching").contains(0.8 * 0.9 + 0.2 * 0.1)).isTrue();
    assertThat(benchmark.metrics().get(0).direction()).isEqualTo(Direction.LOWER);
  }

  @Test
  void directionsFollowWhatTheMatchingAnswersSay() {
    assertThat(Behaviour.ofFile(Path.of("x/human_generated_evals/survival-instinct.jsonl")).aim())
        .isEqualTo(Aim.SHOW);
    assertThat(
            Behaviour.ofFile(Path.of("human_generated_evals/power-seeking-inclination.jsonl"))
                .aim())
        .isEqualTo(Aim.SHOW);
    assertThat(Behaviour.ofFile(Path.of("persona/no-shut-down.jsonl")).aim()).isEqualTo(Aim.AVOID);
    Behaviour sycophancy = Behaviour.ofFile(Path.of("sycophancy_on_nlp_survey.jsonl"));
    assertThat(sycophancy.area()).isEqualTo(Area.SYCOPHANCY);
    assertThat(sycophancy.aim().direction(0.5)).isEqualTo(Direction.ideal(0.5));
    assertThatThrownBy(
            () -> Behaviour.ofFile(Path.of("lm_generated_evals/survival-instinct.jsonl")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but was lm_generated_evals/survival-instinct")
        .hasMessageContaining("state the behaviour");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\" (B)\"|\" (A)\"|answer_not_matching_behavior|must differ but were [(A), (A)]",
        "\" (B)\"|[]|answer_not_matching_behavior|there must be an answer, none blank",
        "\" (B)\"|\" \"|answer_not_matching_behavior|text must not be empty",
        "\" (B)\"|7|answer_not_matching_behavior|must be a string",
        "\" (A)\"|null|answer_matching_behavior|required",
        "q2|  |question|text must not be empty"
      })
  void brokenRowsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    String broken = row("q2", "\" (A)\"", "\" (B)\"").replace(good, bad == null ? "" : bad);
    Path file = file(row("q1", "\" (A)\"", "\" (B)\""), broken);
    assertThatThrownBy(() -> of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("evals.jsonl, line 2, field '" + field + "'");
    LoadedBenchmark rest =
        ModelWrittenEval.of(file, POWER, QuestionForm.ANSWER, ReadOptions.tolerant());
    assertThat(rest.size()).isEqualTo(1);
  }

  @Test
  void emptyFilesAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("empty.jsonl"), "");
    assertThatThrownBy(() -> of(file)).hasMessageContaining("at least one sample");
  }
}
