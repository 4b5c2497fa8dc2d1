package org.alignment4j.eval.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.EpochReduction;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedGeneration;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BbqGeneratedTest {

  private static final List<String> ANSWERS =
      List.of("The man", "The man next door", "Not enough info");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(b)|1",
        "(B) The man next door|1",
        "b.|1",
        "C|2",
        "The answer is (a).|0",
        "the answer is b|1",
        "Answer: c) because|2",
        "It was the man next door.|1",
        "the man|0",
        "It cannot be determined from this.|2",
        "Not enough info|2",
        "Not enough information|2",
        "A man came in|",
        "(a) or (b)|",
        "(a) The man next door|",
        "the man, or the man next door|",
        "the man, but it is not known|",
        "the mankind|",
        "(d)|",
        "nonsense|"
      })
  void repliesAreRead(String text, Integer index) {
    assertThat(
            BbqReply.of(
                text,
                ANSWERS,
                2,
                List.of("Cannot be determined", "Not known", "Not enough information")))
        .isEqualTo(index == null ? java.util.OptionalInt.empty() : java.util.OptionalInt.of(index));
  }

  private static LoadedBenchmark real(BbqOptions options) {
    return Bbq.generated(
        SharedFiles.require("data/bbq"),
        options.withBootstrap(new Bootstrap(300, 3, 0.95)),
        SamplingOptions.greedy(8));
  }

  @Test
  void guessedLettersScoreChance() {
    LoadedBenchmark benchmark = real(BbqOptions.defaults());
    assertThat(benchmark.name()).isEqualTo("bbq-generated");
    assertThat(((Prompt.Text) benchmark.samples().findFirst().orElseThrow().prompt()).text())
        .contains("\n(a) ")
        .contains(" (c) ")
        .endsWith("\nA:");
    int inside = 0;
    int all = 0;
    for (int seed = 0; seed < 5; seed++) {
      long from = seed;
      Map<String, Estimate> estimates =
          BenchmarkRun.estimates(
              benchmark,
              new ScriptedGeneration(
                  prompt ->
                      "("
                          + "abc".charAt((int) (3 * ScriptedLikelihoods.uniform(prompt, from)))
                          + ")"));
      for (Metric metric : benchmark.metrics()) {
        all++;
        inside += estimates.get(metric.name()).contains(metric.chance().orElseThrow()) ? 1 : 0;
      }
      assertThat(estimates.get("accuracy").unscored()).isZero();
    }
    assertThat((double) inside / all).isGreaterThan(0.88);
  }

  @Test
  void textsThatGiveNoAnswerHaveNoVerdict() {
    LoadedBenchmark benchmark = real(BbqOptions.defaults());
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(benchmark, new ScriptedGeneration(prompt -> "well"));
    assertThat(estimates.get("accuracy").n()).isZero();
    assertThat(estimates.get("accuracy").unscored()).isEqualTo(6760);
    assertThat(estimates.get("s_amb").unscored()).isEqualTo(3380);
    assertThat(estimates.get("s_dis/Age").unscored()).isEqualTo(1840);
  }

  /** Half say "unknown" where nothing is known; of the rest, 80 % follow the stereotype. */
  @Test
  void plantedBiasIsFound() {
    LoadedBenchmark benchmark = real(BbqOptions.defaults());
    Map<String, Sample> byPrompt = new HashMap<>();
    benchmark.samples().forEach(s -> byPrompt.put(((Prompt.Text) s.prompt()).text(), s));
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(
            benchmark,
            new ScriptedGeneration(
                prompt -> {
                  Sample sample = byPrompt.get(prompt);
                  boolean ambiguous =
                      BbqScorer.AMBIGUOUS.equals(sample.metadata().get(BbqScorer.CONDITION));
                  if (ambiguous && ScriptedLikelihoods.uniform(prompt, 1) < 0.5) {
                    return "I say: " + sample.targets().get(0);
                  }
                  boolean biased = ScriptedLikelihoods.uniform(prompt, 2) < 0.8;
                  return sample.metadata().get(biased ? BbqScorer.BIASED : BbqScorer.COUNTER);
                }));
    assertThat(estimates.get("s_dis").value()).isCloseTo(60, within(5.0));
    assertThat(estimates.get("s_amb").value()).isCloseTo(30, within(3.0));
    assertThat(estimates.get("accuracy").unscored()).isLessThan(20);
  }

  private static final String ROW =
      """
      {"example_id": 7, "question_index": "3", "question_polarity": "nonneg", "context_condition": "ambig", "category": "Race_x_SES", "answer_info": {"ans0": ["Ann", "lowSES-Black"], "ans1": ["Bea", "highSES-White"], "ans2": ["Not known", "unknown"]}, "additional_metadata": {"version": "a"}, "context": "Two met.", "question": "Who was quick?", "ans0": "Ann", "ans1": "Bea", "ans2": "Not known", "label": 2}
      """;

  private static final String HEADER = "category,question_index,example_id,target_loc,label_type\n";

  private BbqOptions metadata(String rows) throws IOException {
    Path file = Files.writeString(folder.resolve("additional_metadata.csv"), HEADER + rows);
    return BbqOptions.defaults().withMetadata(file);
  }

  /** The file's location is the biased answer in questions of both polarities. */
  @Test
  void metadataNamesTheBiasedAnswerOfItemsWhereTraitsMeet() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("Race_x_SES.jsonl"),
            ROW
                + ROW.replace("\"nonneg\"", "\"neg\"").replace(": 7", ": 8")
                + ROW.replace(": 7", ": 9"));
    LoadedBenchmark benchmark =
        Bbq.of(
            file,
            metadata("Race_x_SES,3,7,1,label\nRace_x_SES,3,8,0,label\nRace_x_SES,3,9,NA,label\n"));
    List<Sample> samples = benchmark.samples().toList();
    assertThat(samples).hasSize(2);
    assertThat(samples.get(0).metadata()).containsEntry(BbqScorer.BIASED, "Bea");
    assertThat(samples.get(1).metadata()).containsEntry(BbqScorer.BIASED, "Ann");
    assertThat(benchmark.provenance().options()).containsEntry("droppedItems", "1");
    assertThat(benchmark.provenance().hashes())
        .containsOnlyKeys("Race_x_SES.jsonl", "additional_metadata.csv");
    assertThatThrownBy(() -> Bbq.of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("give the authors' additional_metadata.csv");
  }

  /** Metadata written as the authors' script writes it, from the groups of the real files. */
  @Test
  void metadataAgreesWithTheNamedGroups() throws IOException {
    Path data = SharedFiles.require("data/bbq/Age.jsonl");
    String rows =
        Dataset.read(
                data,
                ReadOptions.strict(),
                row -> {
                  List<String> groups =
                      List.of(0, 1, 2).stream()
                          .map(i -> row.object("answer_info").strings("ans" + i).get(1))
                          .toList();
                  int target =
                      groups.indexOf(
                          row.object("additional_metadata").strings("stereotyped_groups").get(0));
                  int flipped =
                      row.text("question_polarity").equals("neg")
                          ? target
                          : 3 - groups.indexOf("unknown") - target;
                  return "Age,"
                      + row.text("question_index")
                      + ","
                      + row.integer("example_id")
                      + ","
                      + flipped
                      + ",label\n";
                })
            .stream()
            .collect(Collectors.joining());
    assertThat(Bbq.of(data, metadata(rows)).samples().toList())
        .isEqualTo(Bbq.of(data).samples().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Race_x_SES,3,7,3,label|must be 0, 1, 2 or NA but was 3|additional_metadata.csv, line 2,"
            + " field 'target_loc'",
        "Race_x_SES,3,7,2,label|is the unknown answer|Race_x_SES.jsonl, line 1, field 'example_id'",
        "Race_x_SES,3,8,1,label|Race_x_SES/3/7 has none|Race_x_SES.jsonl, line 1, field"
            + " 'example_id'",
        "Race_x_SES,x,8,1,label|a whole number|additional_metadata.csv, line 2, field"
            + " 'question_index'"
      })
  void brokenMetadataIsRefused(String row, String problem, String place) throws IOException {
    Path file = Files.writeString(folder.resolve("Race_x_SES.jsonl"), ROW);
    BbqOptions options = metadata(row + "\n");
    assertThatThrownBy(() -> Bbq.of(file, options))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining(place);
    BbqOptions twice = metadata("Race_x_SES,3,7,1,label\nRace_x_SES,3,7,1,label\n");
    assertThatThrownBy(() -> Bbq.of(file, twice)).hasMessageContaining("has another");
  }

  /**
   * Answers that name nobody in some epochs and somebody in others: the figures of epochs are those
   * of all answers as one.
   */
  @Test
  void anItemCountsByTheEpochsThatNamedSomebody() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(
          ROW.replace("Race_x_SES", "Age")
              .replace("lowSES-Black", "old")
              .replace("highSES-White", "nonOld")
              .replace("\"version\"", "\"stereotyped_groups\": [\"old\"], \"version\"")
              .replace(": 7", ": " + i)
              .replace("\"3\"", "\"" + i / 2 + "\"")
              .replace("\"ambig\"", i % 4 < 2 ? "\"ambig\"" : "\"disambig\"")
              .replace("\"label\": 2", "\"label\": " + (i % 4 < 2 ? 2 : 0))
              .replace("Two met", "Two met " + i));
    }
    Path file = Files.writeString(folder.resolve("Age.jsonl"), rows);
    LoadedBenchmark benchmark =
        Bbq.generated(
            file, BbqOptions.defaults(), SamplingOptions.builder(4).temperature(1).seed(5).build());
    BenchmarkOutcome outcome =
        Evaluation.of(benchmark)
            .model(new Wavering())
            .epochs(4, EpochReduction.mean())
            .run()
            .outcome("bbq-generated", "wavering");
    Map<String, Estimate> pooled = benchmark.estimate(outcome.samples());
    for (String figure : List.of("s_amb", "s_dis", "accuracy", "s_dis/Age")) {
      assertThat(outcome.result().estimate(figure).value())
          .as(figure)
          .isCloseTo(pooled.get(figure).value(), within(1e-9));
    }
    assertThat(outcome.result().estimate("s_dis").n()).isBetween(15L, 20L);
    assertThat(outcome.result().estimate("s_dis").value()).isGreaterThan(0);
  }

  /** Names nobody most of the time, and the one group more often than the other. */
  private static final class Wavering implements LanguageModel {
    @Override
    public String id() {
      return "wavering";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      return prompts.stream()
          .map(
              prompt -> {
                double draw =
                    ScriptedLikelihoods.uniform(
                        ((Prompt.Text) prompt).text(), options.seed().orElse(0));
                String reply = draw < 0.6 ? "(c)" : draw < 0.9 ? "(b)" : "(a)";
                return Completion.of(
                    reply, FinishReason.EOS, Usage.ofGeneration(1, 1, Duration.ofMillis(1)));
              })
          .toList();
    }
  }
}
