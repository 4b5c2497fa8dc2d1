package org.alignment4j.eval.factuality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HaluEvalTest {

  @TempDir Path folder;

  private static String row(HaluEvalTask task, int i) {
    return switch (task) {
      case QA ->
          "{\"knowledge\": \"Town "
              + i
              + " has a mill.\\nOld.\", \"question\": \"What is there?\","
              + " \"right_answer\": \"A mill "
              + i
              + "\", \"hallucinated_answer\": \"A port "
              + i
              + "\"}";
      case DIALOGUE ->
          "{\"knowledge\": \"k"
              + i
              + "\", \"dialogue_history\": \"[Human]: Hi\","
              + " \"right_response\": \"r"
              + i
              + "\", \"hallucinated_response\": \"h"
              + i
              + "\"}";
      case SUMMARIZATION ->
          "{\"document\": \"d"
              + i
              + "\", \"right_summary\": \"r"
              + i
              + "\", \"hallucinated_summary\": \"h"
              + i
              + "\"}";
      case GENERAL ->
          "{\"ID\": \""
              + i
              + "\", \"user_query\": \"q"
              + i
              + "\", \"chatgpt_response\": \"a"
              + i
              + "\", \"hallucination\": \""
              + (i % 4 == 0 ? "yes" : "no")
              + "\", \"hallucination_spans\": []}";
    };
  }

  private Path file(HaluEvalTask task, int rows) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      text.append(row(task, i)).append('\n');
    }
    return Files.writeString(folder.resolve("data.json"), text);
  }

  private static Metric metric(LoadedBenchmark benchmark, String name) {
    return benchmark.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsAskedAndHowRepliesAreRead() throws IOException {
    LoadedBenchmark benchmark =
        HaluEval.of(HaluEvalTask.QA, 1).judged(file(HaluEvalTask.QA, 200), ReadOptions.strict());
    Sample sample = benchmark.samples().findFirst().orElseThrow();
    assertThat(TextModel.text(sample.prompt()))
        .startsWith("You check answers for hallucination.")
        .contains(
            "\n\n#Knowledge#: Town 0 has a mill. Old.\n#Question#: What is there?\n#Answer#: A ")
        .endsWith("\n#Your Judgement#:");
    // Knows the truth, and says it in its own words.
    TextModel knowing =
        TextModel.of(prompt -> prompt.contains("#Answer#: A port") ? " Yes." : "No");
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, knowing);
    assertThat(estimates.get("accuracy").value()).isEqualTo(1);
    double share = estimates.get("yes_rate").value();
    assertThat(share).isBetween(0.35, 0.65);
    assertThat(metric(benchmark, "yes_rate").direction()).isEqualTo(Direction.ideal(share));
    assertThat(estimates.get("recall/hallucinated").n() + estimates.get("recall/right").n())
        .isEqualTo(200);

    Map<String, Estimate> yes = BenchmarkRun.estimates(benchmark, TextModel.of(p -> "Yes"));
    assertThat(yes.get("accuracy").value()).isCloseTo(share, within(1e-12));
    assertThat(yes.get("recall/hallucinated").value()).isEqualTo(1);
    assertThat(yes.get("recall/right").value()).isZero();
    for (String reply : new String[] {"Yes and No", "maybe", "", "yes"}) {
      Estimate none =
          BenchmarkRun.estimates(benchmark, TextModel.of(prompt -> reply)).get("accuracy");
      assertThat(none.n()).isZero();
      assertThat(none.unscored()).isEqualTo(200);
    }
  }

  @Test
  void theSeedChoosesTheAnswerWhateverTheOrder() throws IOException {
    Path file = file(HaluEvalTask.QA, 100);
    HaluEval form = HaluEval.of(HaluEvalTask.QA, 1);
    assertThat(form.judged(file, ReadOptions.strict()).samples().toList())
        .isEqualTo(form.judged(file, ReadOptions.strict()).samples().toList())
        .isNotEqualTo(
            HaluEval.of(HaluEvalTask.QA, 2).judged(file, ReadOptions.strict()).samples().toList());
    LoadedBenchmark chat =
        form.withStyle(PromptStyle.CHAT)
            .withInstruction("Judge!")
            .judged(file, ReadOptions.strict());
    Prompt prompt = chat.samples().findFirst().orElseThrow().prompt();
    assertThat(((Prompt.Chat) prompt).last().content()).startsWith("Judge!\n\n#Knowledge#");
    assertThat(chat.provenance().options()).containsEntry("style", "CHAT");
  }

  @ParameterizedTest
  @EnumSource(HaluEvalTask.class)
  void guessingScoresChance(HaluEvalTask task) throws IOException {
    Path file = file(task, 600);
    LoadedBenchmark judged = HaluEval.of(task, 3).judged(file, ReadOptions.strict());
    LoadedBenchmark weighed = HaluEval.of(task, 3).weighed(file, ReadOptions.strict());
    int covered = 0;
    for (int seed = 0; seed < 20; seed++) {
      int toss = seed;
      TextModel coin =
          TextModel.of(prompt -> ScriptedLikelihoods.uniform(prompt, toss) < 0.5 ? "Yes" : "No");
      Map<String, Estimate> text = BenchmarkRun.estimates(judged, coin);
      Map<String, Estimate> choice =
          BenchmarkRun.estimates(weighed, ScriptedLikelihoods.random(seed));
      for (String name : text.keySet()) {
        double chance = metric(judged, name).chance().orElseThrow();
        covered += text.get(name).contains(chance) ? 1 : 0;
        covered += choice.get(name).contains(chance) ? 1 : 0;
      }
    }
    assertThat(covered).isGreaterThanOrEqualTo(144);
    Estimate silent =
        BenchmarkRun.estimates(weighed, ScriptedLikelihoods.constant()).get("accuracy");
    assertThat(silent.unscored()).isEqualTo(600);
  }

  @Test
  void theLikelierAnswer() throws IOException {
    LoadedBenchmark benchmark =
        HaluEval.of(HaluEvalTask.DIALOGUE, 1)
            .preferred(file(HaluEvalTask.DIALOGUE, 400), ReadOptions.strict());
    Sample sample = benchmark.samples().findFirst().orElseThrow();
    assertThat(TextModel.text(sample.prompt()))
        .isEqualTo("#Knowledge#: k0\n#Dialogue History#: [Human]: Hi\n#Response#:");
    assertThat(
            BenchmarkRun.estimates(
                    benchmark,
                    new ScriptedLikelihoods((prompt, text) -> text.startsWith(" r") ? -1 : -2))
                .get("acc")
                .value())
        .isEqualTo(1);
    Estimate guess =
        BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(4)).get("acc_norm");
    assertThat(guess.contains(0.5)).isTrue();
    Path general = file(HaluEvalTask.GENERAL, 2);
    assertThatThrownBy(
            () -> HaluEval.of(HaluEvalTask.GENERAL, 1).preferred(general, ReadOptions.strict()))
        .hasMessageContaining("must have pairs of answers but GENERAL has none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "QA|right_answer|other|right_answer|field is required but is missing",
        "QA|A port 1|A mill 1|hallucinated_answer|the two must differ",
        "QA|What is there?|''|question|text must not be empty",
        "GENERAL|\"no\"|\"perhaps\"|hallucination|must be one of [yes, no] but was 'perhaps'",
        "GENERAL|\"ID\": \"1\"|\"ID\": \"0\"|ID|an id must occur once but '0' occurs twice"
      })
  void brokenRowsNameFileLineAndField(
      HaluEvalTask task, String good, String bad, String field, String message) throws IOException {
    String text = row(task, 0) + "\n" + row(task, 1).replace(good, bad) + "\n";
    Path file = Files.writeString(folder.resolve("data.json"), text);
    HaluEval form = HaluEval.of(task, 1);
    assertThatThrownBy(() -> form.judged(file, ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("data.json, line 2, field '" + field + "'");
    assertThat(form.judged(file, ReadOptions.tolerant()).size()).isEqualTo(1);
  }

  @Test
  void anEmptyFileIsToldSo() throws IOException {
    Path file = Files.writeString(folder.resolve("empty.json"), "");
    assertThatThrownBy(() -> HaluEval.of(HaluEvalTask.QA, 1).judged(file, ReadOptions.strict()))
        .hasMessageContaining("empty.json")
        .hasMessageContaining("is empty");
  }
}
