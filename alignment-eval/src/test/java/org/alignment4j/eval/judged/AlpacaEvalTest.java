package org.alignment4j.eval.judged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenLogProb;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlpacaEvalTest {
  private static final Pattern FENCED =
      Pattern.compile("BEGIN ([0-9a-f]{24})\n(.*?)\nEND \\1", Pattern.DOTALL);

  @TempDir Path folder;

  /** Prefers the output shown second with the probability that a script gives. */
  private record Choosing(ToDoubleBiFunction<String, String> second) implements ChoiceModel {
    @Override
    public String id() {
      return "choosing";
    }

    @Override
    public List<ChoiceDistribution> choose(
        List<ChoiceRequest> requests, CancellationToken cancellation) {
      List<ChoiceDistribution> all = new ArrayList<>();
      for (ChoiceRequest request : requests) {
        double p = probability(request.prompt(), second);
        all.add(
            new ChoiceDistribution(
                List.of(
                    new ChoiceProbability("m", 1 - p, Math.log((1 - p) / 2), TokenIds.of(1), 1),
                    new ChoiceProbability("M", p, Math.log(p / 2), TokenIds.of(2), 1)),
                0,
                Usage.ofScoring(50, 1, Duration.ofMillis(1))));
      }
      return all;
    }
  }

  private static double probability(Prompt prompt, ToDoubleBiFunction<String, String> second) {
    List<String> texts = new ArrayList<>();
    Matcher matcher = FENCED.matcher(ScriptedJudge.text(prompt));
    while (matcher.find()) {
      texts.add(matcher.group(2));
    }
    return second.applyAsDouble(texts.get(1), texts.get(2));
  }

  private static double byLength(String first, String second) {
    return 1 / (1 + Math.exp((first.length() - second.length()) / 20.0));
  }

  private static AlpacaJudge judge(ToDoubleBiFunction<String, String> second) {
    return AlpacaJudge.of(SoftJudgeModel.of(new Choosing(second)));
  }

  private static AlpacaOutputs baseline(int n) {
    List<AlpacaOutputs.Item> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      items.add(new AlpacaOutputs.Item("instruction no " + i, "x".repeat(30 + i % 7), "own"));
    }
    return new AlpacaOutputs("base", items, List.of());
  }

  private static LanguageModel longer(int n) {
    List<AlpacaOutputs.Item> items = new ArrayList<>();
    for (AlpacaOutputs.Item item : baseline(n).items()) {
      int more = 10 + Math.abs(item.instruction().hashCode() * 31) % 60;
      items.add(new AlpacaOutputs.Item(item.instruction(), item.output() + "y".repeat(more), ""));
    }
    return new AlpacaOutputs("long", items, List.of()).asModel();
  }

  private static BenchmarkOutcome run(AlpacaOutputs base, AlpacaJudge judge, LanguageModel model) {
    return Evaluation.of(AlpacaEval.of(base, judge, AlpacaOptions.seeded(3)))
        .model(model)
        .run()
        .outcomes()
        .get(0);
  }

  @Test
  void lengthWinsAndLengthControlTakesItAway() {
    BenchmarkOutcome outcome = run(baseline(100), judge(AlpacaEvalTest::byLength), longer(100));
    Map<String, Estimate> figures = outcome.result().estimates();
    assertThat(figures.get("win_rate").value()).isGreaterThan(75);
    assertThat(figures.get("discrete_win_rate").value()).isEqualTo(100);
    assertThat(figures.get("length_controlled_win_rate").value())
        .isLessThan(figures.get("win_rate").value() - 8);
    assertThat(figures.get("length").value()).isGreaterThan(50);
    assertThat(outcome.usageByRole().get("judge").calls()).isEqualTo(100);
    assertThat(outcome.result().metrics().get(0).chance()).hasValue(50);
    // A bootstrap of comparisons asks for the values alone.
    Benchmark benchmark = outcome.benchmark().orElseThrow();
    Map<String, Double> values = benchmark.figures(outcome.samples());
    figures.forEach((name, e) -> assertThat(values.get(name)).isEqualTo(e.value()));
    assertThat(benchmark.otherScores()).containsExactly("same");
  }

  @Test
  void theBaselineItselfScoresFifty() {
    BenchmarkOutcome outcome =
        run(baseline(40), judge(AlpacaEvalTest::byLength), baseline(40).asModel());
    assertThat(outcome.result().estimate("win_rate").value()).isCloseTo(50, within(1e-9));
    assertThat(outcome.result().estimate("discrete_win_rate").value()).isEqualTo(50);
    assertThat(outcome.result().estimate("length_controlled_win_rate").value()).isEqualTo(50);
    assertThat(AlpacaEval.warning(outcome.result())).isEmpty();
  }

  @Test
  void aJudgeOfPlaceScoresChance() {
    BenchmarkOutcome outcome = run(baseline(300), judge((a, b) -> 0.99), longer(300));
    assertThat(outcome.result().estimate("win_rate").contains(50)).isTrue();
    assertThat(outcome.result().estimate("discrete_win_rate").contains(50)).isTrue();
  }

  @Test
  void theNullModelIsFoundOut() {
    LanguageModel none = new ConstantModel("null", "Choose me.");
    BenchmarkOutcome outcome = run(baseline(60), judge(AlpacaEvalTest::byLength), none);
    assertThat(outcome.result().estimate("win_rate").value()).isLessThan(30);
    BenchmarkOutcome fooled =
        run(baseline(60), judge((a, b) -> b.equals("Choose me.") ? 0.95 : 0.05), none);
    assertThat(fooled.result().estimate("win_rate").value()).isGreaterThan(90);
  }

  @Test
  void theFiveLikeliestCandidatesDecideToo() {
    LanguageModel remote =
        new LanguageModel() {
          @Override
          public String id() {
            return "remote";
          }

          @Override
          public List<Completion> generate(
              List<? extends Prompt> prompts,
              SamplingOptions options,
              CancellationToken cancellation) {
            assertThat(options.topLogProbs()).isEqualTo(5);
            assertThat(options.maxNewTokens()).isEqualTo(1);
            List<Completion> all = new ArrayList<>();
            for (Prompt prompt : prompts) {
              double p = probability(prompt, AlpacaEvalTest::byLength);
              List<TokenLogProb> top =
                  ScriptedJudge.text(prompt).contains("instruction no 7\n")
                      ? List.of(new TokenLogProb("Sorry", OptionalInt.empty(), -0.1))
                      : List.of(
                          new TokenLogProb("M", OptionalInt.empty(), Math.log(0.6 * p)),
                          new TokenLogProb(" m", OptionalInt.empty(), Math.log(0.6 * (1 - p))),
                          new TokenLogProb("The", OptionalInt.empty(), Math.log(0.4)));
              all.add(
                  new Completion(
                      "M",
                      TokenIds.empty(),
                      null,
                      null,
                      List.of(top),
                      FinishReason.LENGTH,
                      Usage.ofGeneration(50, 1, Duration.ofMillis(1))));
            }
            return all;
          }
        };
    BenchmarkOutcome one = run(baseline(30), AlpacaJudge.ofTopLogProbs(remote), longer(30));
    BenchmarkOutcome other = run(baseline(30), judge(AlpacaEvalTest::byLength), longer(30));
    assertThat(one.result().estimate("win_rate").unscored()).isEqualTo(1);
    assertThat(one.result().estimate("length").n()).isEqualTo(30);
    assertThat(one.samples().get(3).scores().get("win_rate").toString().substring(0, 20))
        .isEqualTo(other.samples().get(3).scores().get("win_rate").toString().substring(0, 20));
    assertThat(one.usageByRole().get("judge").calls()).isEqualTo(30);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text, UTF_8);
  }

  @Test
  void outputsAreReadAndWritten() throws IOException {
    Path path = folder.resolve("outputs.json");
    AlpacaOutputs outputs =
        new AlpacaOutputs(
            "g",
            List.of(
                new AlpacaOutputs.Item("a \"b\"", "c\nd", "helpful"),
                new AlpacaOutputs.Item("e", "", "")),
            List.of());
    outputs.write(path);
    AlpacaOutputs read = AlpacaOutputs.read(path);
    assertThat(read.items()).isEqualTo(outputs.items());
    assertThat(read.generator()).isEqualTo("g");
    assertThatThrownBy(() -> read.asModel().generate(Prompt.text("new"), SamplingOptions.greedy(1)))
        .hasMessageContaining("must have the instruction but have none for 'new'");
  }

  @Test
  void annotationsGiveTheSameFigures() throws IOException {
    StringBuilder text = new StringBuilder("[");
    List<LengthControl.Item> items = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      double preference = i == 5 ? 0 : 1 + i / 11.0;
      text.append(i == 0 ? "" : ",")
          .append("{\"instruction\":\"i" + i + "\",\"generator_1\":\"b\",\"generator_2\":\"m\",")
          .append("\"output_1\":\"" + "x".repeat(10 + i) + "\",\"output_2\":\"yyyyy\",")
          .append("\"preference\":" + (i == 11 ? "null" : preference) + "}");
      if (i < 11) {
        items.add(new LengthControl.Item(i == 5 ? 0.5 : preference - 1, 5 + i, 0));
      }
    }
    Path path = file("annotations.json", text.append("]").toString());
    Map<String, Estimate> figures = AlpacaEval.annotated(path, Optional.empty(), 1);
    double mean =
        100 * items.stream().mapToDouble(LengthControl.Item::preference).average().orElseThrow();
    assertThat(figures.get("win_rate").value()).isCloseTo(mean, within(1e-9));
    assertThat(figures.get("win_rate").unscored()).isEqualTo(1);
    assertThat(figures.get("discrete_win_rate").value())
        .isCloseTo(100 * (5 + 0.5) / 11, within(1e-9));
    assertThat(figures.get("length_controlled_win_rate").value())
        .isCloseTo(LengthControl.fit(items, List.of()).winRate(), within(1e-9));
  }

  @Test
  void gamedBaselinesAreRead() throws IOException {
    Path path =
        file(
            "df_gamed.csv",
            "model,index,preference,std_delta_len,instruction_difficulty,not_gamed_baseline\n"
                + "verbose,0,0.7,-1.5,0.25,False\nconcise,0,0.2,1.25,0.25,False\n"
                + "verbose,1,0.6,-1,-0.5,False\n");
    GamedBaselines gamed = GamedBaselines.read(path);
    assertThat(gamed.items())
        .containsExactly(
            new GamedBaselines.Item(0.7, -1.5, 0.25),
            new GamedBaselines.Item(0.2, 1.25, 0.25),
            new GamedBaselines.Item(0.6, -1, -0.5));
    assertThat(gamed.difficulties()).isEqualTo(Map.of(0L, 0.25, 1L, -0.5));
    assertThatThrownBy(
            () ->
                AlpacaEval.of(
                    baseline(3),
                    judge(AlpacaEvalTest::byLength),
                    AlpacaOptions.seeded(1).withGamed(gamed)))
        .hasMessageContaining("lack that of number 2");
    Path broken =
        file("broken.csv", "index,preference,std_delta_len,instruction_difficulty\n0,often,1,1\n");
    assertThatThrownBy(() -> GamedBaselines.read(broken))
        .hasMessageContaining("there must be a number but was 'often'")
        .hasMessageContaining("field 'preference'");
  }

  @Test
  void brokenFilesAreNamed() throws IOException {
    Path twice =
        file(
            "twice.json",
            "[{\"instruction\":\"a\",\"output\":\"b\",\"generator\":\"g\"},"
                + "{\"instruction\":\"a\",\"output\":\"c\",\"generator\":\"g\"}]");
    assertThatThrownBy(() -> AlpacaOutputs.read(twice))
        .hasMessageContaining("an instruction must occur once");
    Path two =
        file(
            "two.json",
            "[{\"instruction\":\"a\",\"output\":\"b\",\"generator\":\"g\"},"
                + "{\"instruction\":\"b\",\"output\":\"c\",\"generator\":\"h\"}]");
    assertThatThrownBy(() -> AlpacaOutputs.read(two))
        .hasMessageContaining("outputs must be of one model, 'g', but this one is of 'h'");
    Path missing = file("missing.json", "[{\"instruction\":\"a\",\"generator\":\"g\"}]");
    assertThatThrownBy(() -> AlpacaOutputs.read(missing)).hasMessageContaining("output");
    Path three =
        file(
            "three.json",
            "[{\"instruction\":\"a\",\"output_1\":\"b\",\"output_2\":\"c\",\"preference\":3}]");
    assertThatThrownBy(() -> AlpacaEval.annotated(three, Optional.empty(), 1))
        .hasMessageContaining("the preference must be from 1 to 2, or 0 for a draw, but was 3.0");
    Path empty = file("empty.json", "[]");
    assertThatThrownBy(() -> AlpacaOutputs.read(empty)).hasMessageContaining("empty");
  }
}
