package org.alignment4j.eval.factuality.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.factuality.BusyOnce;
import org.alignment4j.eval.factuality.PromptStyle;
import org.alignment4j.eval.factuality.TextModel;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfCheckGptTest {

  @TempDir Path folder;

  private static SelfCheckGpt three(SentenceCheck... checks) {
    return SelfCheckGpt.of(1, List.of(checks))
        .withSampling(SamplingOptions.greedy(8), SamplingOptions.sampling(8, 1), 3);
  }

  /** The sample says yes when the context has the sentence. */
  private static TextModel reader() {
    return TextModel.of(
        prompt -> {
          String context = prompt.replaceAll("(?s)Context: (.*)\n\nSentence: .*", "$1");
          String sentence = prompt.replaceAll("(?s).*\n\nSentence: (.*)\n\nIs the .*", "$1");
          return context.contains(sentence) ? "Yes" : "No";
        });
  }

  @Test
  void consistentAnswersScoreLowAndMadeUpOnesHigh() {
    TextModel checker = reader();
    LoadedBenchmark benchmark =
        three(PromptCheck.of(checker, PromptStyle.TEXT), NgramCheck.max(1))
            .prompts(List.of(Prompt.text("firm"), Prompt.text("loose"), Prompt.text("mute")));
    TextModel target =
        new TextModel(
            (prompt, sample) ->
                switch (prompt) {
                  case "firm" -> "It is red. It is old.";
                  case "loose" -> "It is red. Number " + (sample + 1) + ".";
                  default -> " ";
                });
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, target);
    // Of "loose" the second sentence is borne out by one sample of three: (0 + 2/3) / 2.
    assertThat(estimates.get("prompt").value()).isCloseTo((0 + 1.0 / 3) / 2, within(1e-12));
    assertThat(estimates.get("prompt").unscored()).isEqualTo(1);
    assertThat(estimates.get("unclear_replies/prompt").value()).isZero();
    assertThat(estimates.get("unigram_max").n()).isEqualTo(2);
    assertThat(estimates.get("checking_tokens").value()).isCloseTo(12 * 12 / 3.0, within(1e-12));
    // One call for each passage that has a sentence.
    assertThat(checker.calls()).hasSize(2);
    assertThat(benchmark.metrics()).extracting(Metric::name).containsAll(estimates.keySet());
  }

  @Test
  void runsInTheEngineWithTheCostsOfAllRolesAndAsksNothingTwice() {
    TextModel checker = reader();
    LoadedBenchmark benchmark =
        three(PromptCheck.of(checker, PromptStyle.TEXT)).prompts(List.of(Prompt.text("p")));
    TextModel target = TextModel.of(prompt -> "It is red. It is old.");
    EvaluationRun run = Evaluation.of(benchmark).model(target).runFolder(folder).run();
    Usage usage = run.report().of("selfcheckgpt").get(0).usage();
    assertThat(usage.calls()).isEqualTo(1 + 3 + 2 * 3);
    Map<String, Usage> byRole = run.outcomes().get(0).usageByRole();
    assertThat(byRole.get("target").calls()).isEqualTo(1 + 3);
    assertThat(byRole.get("judge").calls()).isEqualTo(2 * 3);
    assertThat(checker.answered()).isEqualTo(6);
    Evaluation.of(benchmark).model(target).runFolder(folder).run();
    assertThat(checker.answered()).isEqualTo(6);
  }

  @Test
  void aCheckThatIsBusyLeavesPassageAndSamplesAsTheyAre() {
    BusyOnce checker = new BusyOnce(reader());
    LoadedBenchmark benchmark =
        three(PromptCheck.of(checker, PromptStyle.TEXT)).prompts(List.of(Prompt.text("p")));
    TextModel target = TextModel.of(prompt -> "It is red. It is old.");
    BenchmarkOutcome outcome = Evaluation.of(benchmark).model(target).run().outcomes().get(0);
    assertThat(checker.wasBusy()).isTrue();
    assertThat(outcome.failed()).isZero();
    assertThat(target.answered()).isEqualTo(1 + 3);
    assertThat(outcome.usageByRole().get("target").calls()).isEqualTo(1 + 3);
  }

  @Test
  void aCheckThatFailsForGoodTakesNoOtherWithIt() {
    TextModel broken =
        TextModel.of(
            prompt -> {
              throw new ModelExecutionException("no such model");
            });
    LoadedBenchmark benchmark =
        three(PromptCheck.of(broken, PromptStyle.TEXT), NgramCheck.max(1))
            .prompts(List.of(Prompt.text("p")));
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(benchmark, TextModel.of(prompt -> "It is red."));
    assertThat(estimates.get("prompt").failed()).isEqualTo(1);
    assertThat(estimates.get("unclear_replies/prompt").failed()).isEqualTo(1);
    assertThat(estimates.get("checking_tokens").failed()).isEqualTo(1);
    assertThat(estimates.get("unigram_max").n()).isEqualTo(1);
  }

  @Test
  void promptsOfFilesAndWrongSettings() throws IOException {
    Path file = Files.writeString(folder.resolve("p.jsonl"), "{\"prompt\": \"a\"}\n{\"x\": 1}\n");
    SelfCheckGpt form = three(NgramCheck.max(1));
    assertThatThrownBy(() -> form.prompts(file, ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("p.jsonl, line 2");
    assertThat(form.prompts(file, ReadOptions.tolerant()).size()).isEqualTo(1);
    assertThatThrownBy(() -> three(NgramCheck.max(1), NgramCheck.max(1)))
        .hasMessageContaining("names that differ but were [unigram_max, unigram_max]");
    assertThatThrownBy(
            () -> form.withSampling(SamplingOptions.greedy(1), SamplingOptions.sampling(1, 1), 0))
        .hasMessage("times must be at least 1 but was 0");
  }

  private static String row(int id, List<String> labels) {
    StringBuilder sentences = new StringBuilder();
    StringBuilder annotation = new StringBuilder();
    for (int i = 0; i < labels.size(); i++) {
      String comma = i > 0 ? ", " : "";
      sentences.append(comma).append("\"P").append(id).append(" s").append(i).append(' ');
      sentences.append(labels.get(i).charAt(0)).append(".\"");
      annotation.append(comma).append('"').append(labels.get(i)).append('"');
    }
    return "{\"wiki_bio_test_idx\": "
        + id
        + ", \"gpt3_sentences\": ["
        + sentences
        + "], \"annotation\": ["
        + annotation
        + "], \"gpt3_text_samples\": [\"P"
        + id
        + " s0 a.\", \"Other.\"]}";
  }

  private static final List<String> ACCURATE = List.of("accurate", "accurate");

  private Path labelled(int passages) throws IOException {
    String[] labels = {"accurate", "minor_inaccurate", "major_inaccurate", "major_inaccurate"};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < passages; i++) {
      int first = i;
      text.append(
          row(
              i,
              IntStream.range(0, 4)
                  .mapToObj(
                      s -> labels[(int) (4 * ScriptedLikelihoods.uniform(first + "/" + s, 7))])
                  .toList()));
      text.append('\n');
    }
    return Files.writeString(folder.resolve("bio.jsonl"), text);
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
  void aCheckThatKnowsFindsAllAndOneThatGuessesTheBaseRate() throws IOException {
    Path file = labelled(60);
    LoadedBenchmark benchmark =
        SelfCheckDetection.byPrompt(PromptStyle.TEXT, 1).passages(file, ReadOptions.strict());
    assertThat(benchmark.size()).isEqualTo(240);
    assertThat(chance(benchmark, "auc_pr/nonfactual")).isBetween(0.6, 0.9);
    assertThat(chance(benchmark, "auc_pr/factual"))
        .isCloseTo(1 - chance(benchmark, "auc_pr/nonfactual"), within(1e-12));
    TextModel knowing =
        TextModel.of(prompt -> prompt.matches("(?s).*Sentence: P\\d+ s\\d a\\..*") ? "Yes" : "No");
    Map<String, Estimate> known = BenchmarkRun.estimates(benchmark, knowing);
    assertThat(known.get("auc_pr/nonfactual").value()).isEqualTo(1);
    assertThat(known.get("auc_pr/factual").value()).isEqualTo(1);
    assertThat(known.get("auc_pr/factual").clusters()).isEqualTo(60);
    assertThat(known.get("pearson").value()).isGreaterThan(0.7);
    assertThat(known.get("pearson").n()).isEqualTo(60);
    int covered = 0;
    for (int seed = 0; seed < 8; seed++) {
      int toss = seed;
      TextModel coin =
          TextModel.of(prompt -> ScriptedLikelihoods.uniform(prompt, toss) < 0.5 ? "Yes" : "No");
      Map<String, Estimate> guessed = BenchmarkRun.estimates(benchmark, coin);
      for (String name : List.of("auc_pr/nonfactual", "auc_pr/factual", "pearson")) {
        covered += guessed.get(name).contains(chance(benchmark, name)) ? 1 : 0;
      }
    }
    assertThat(covered).isGreaterThanOrEqualTo(19);
    // One score for all is the base rate itself, and no correlation.
    Map<String, Estimate> constant =
        BenchmarkRun.estimates(benchmark, TextModel.of(prompt -> "No"));
    assertThat(constant.get("auc_pr/nonfactual").value())
        .isCloseTo(chance(benchmark, "auc_pr/nonfactual"), within(1e-12));
    assertThat(constant.get("pearson").n()).isZero();
    Map<String, Estimate> mute = BenchmarkRun.estimates(benchmark, TextModel.of(prompt -> ""));
    assertThat(mute.get("auc_pr/factual").unscored()).isEqualTo(240);
  }

  @Test
  void sentencesAreScoredTheSameInAnyBatch() throws IOException {
    Path file = labelled(12);
    for (SelfCheckDetection form :
        List.of(
            SelfCheckDetection.byNgrams(NgramCheck.average(2), 1),
            SelfCheckDetection.byPrompt(PromptStyle.TEXT, 1))) {
      LoadedBenchmark benchmark = form.passages(file, ReadOptions.strict());
      Map<String, Estimate> whole = BenchmarkRun.estimates(benchmark, reader());
      EvaluationRun pieces = Evaluation.of(benchmark).model(reader()).batchSize(5).run();
      assertThat(pieces.report().of(benchmark.name()).get(0).estimates()).isEqualTo(whole);
    }
  }

  @Test
  void withOneClassThereIsNoArea() throws IOException {
    Path file = Files.writeString(folder.resolve("one.jsonl"), row(1, ACCURATE) + "\n");
    LoadedBenchmark benchmark =
        SelfCheckDetection.byPrompt(PromptStyle.CHAT, 1).passages(file, ReadOptions.strict());
    Estimate area = BenchmarkRun.estimates(benchmark, reader()).get("auc_pr/factual");
    assertThat(area.n()).isZero();
    assertThat(area.unscored()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"accurate\", \"accurate\"|\"accurate\"|annotation|a label for each of the 2 sentences",
        "\"annotation\": [\"accurate\"|\"annotation\": [\"good\"|annotation|but was 'good'",
        "\"P2 s0 a.\", \"Other.\"|''|gpt3_text_samples|the list must have texts",
        "gpt3_sentences|sentences|gpt3_sentences|field is required but is missing",
        "\"wiki_bio_test_idx\": 2|\"wiki_bio_test_idx\": 1|wiki_bio_test_idx|1 occurs twice"
      })
  void brokenRowsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bio.jsonl"),
            row(1, ACCURATE) + "\n" + row(2, ACCURATE).replace(good, bad) + "\n");
    SelfCheckDetection form = SelfCheckDetection.byNgrams(NgramCheck.max(1), 1);
    assertThatThrownBy(() -> form.passages(file, ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("bio.jsonl, line 2, field '" + field + "'");
    assertThat(form.passages(file, ReadOptions.tolerant()).size()).isEqualTo(2);
  }
}
