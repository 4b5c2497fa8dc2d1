package org.alignment4j.eval.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.InvalidScoreException;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedGeneration;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclaredBenchmarkTest {

  private static final String DECLARATION =
      """
      {
        "format": "alignment4j-benchmark", "version": 1,
        "name": "sums",
        "data": "sums.csv",
        "template": "template.json",
        "kind": "generate",
        "scorer": "numeric",
        "maxNewTokens": 8, "stop": ["\\n"],
        "examples": "more.csv", "shots": 2, "shotsSeed": 7,
        "metric": {"name": "accuracy", "direction": "higher", "chance": 0.1, "citation": "us"}
      }
      """;

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(
        folder.resolve("template.json"),
        """
        {"format": "alignment4j-template", "version": 1, "name": "sums",
         "fields": ["a", "b", "sum"], "prompt": "Q: {a} + {b}\\nA:", "target": "{sum}"}
        """);
    StringBuilder sums = new StringBuilder("a,b,sum\n");
    for (int i = 0; i < 50; i++) {
      sums.append(i + "," + i % 7 + "," + (i + i % 7) + "\n");
    }
    Files.writeString(folder.resolve("sums.csv"), sums);
    Files.writeString(folder.resolve("more.csv"), "a,b,sum\n100,1,101\n100,2,102\n100,3,103\n");
  }

  private Path declaration(String text) throws IOException {
    return Files.writeString(folder.resolve("sums.json"), text);
  }

  /** A custom benchmark in Java: what is asked, what is right, how it is scored. */
  @Test
  void tenLinesOfJava() {
    List<Sample> samples =
        List.of(
            Sample.choice("1", Prompt.text("The sky is"), List.of("blue", "wet"), List.of("blue")),
            Sample.choice("2", Prompt.text("Water is"), List.of("blue", "wet"), List.of("wet")));
    Benchmark choice = ChoiceTask.of("adjectives", samples);
    Metric exact = Metric.of("exact", "fraction", Direction.HIGHER).withChance(0);
    Benchmark answers =
        GenerationTask.of("words", samples, SamplingOptions.greedy(4), AnswerScorer.exact(), exact);

    EvaluationRun chosen = Evaluation.of(choice).model(ScriptedLikelihoods.constant()).run();
    assertThat(chosen.report().of("adjectives").get(0).estimate("acc").value()).isZero();
    EvaluationRun written =
        Evaluation.of(answers).model(new ScriptedGeneration(prompt -> "wet")).run();
    assertThat(written.report().of("words").get(0).estimate("exact").value()).isEqualTo(0.5);
    assertThatThrownBy(
            () ->
                ChoiceTask.of(
                    "x", List.of(Sample.choice("1", Prompt.text(""), List.of("a"), List.of("b")))))
        .hasMessageContaining("targets must be some of the choices [a] but those of '1' were [b]");
    assertThatThrownBy(
            () ->
                GenerationTask.of(
                    "n", samples, SamplingOptions.greedy(1), AnswerScorer.numeric(), exact))
        .hasMessageContaining("a target must be a number but was 'blue' in sample '1'");
  }

  /** Without one, answers scored by another scorer would be taken for this one's. */
  @Test
  void aScorerInJavaHasAnIdentity() {
    List<Sample> samples = List.of(Sample.open("1", Prompt.text("Water is"), List.of("wet")));
    Metric metric = Metric.of("m", "fraction", Direction.HIGHER);
    AnswerScorer lambda = (answer, targets) -> new Score.Scored(answer.length() % 2);
    assertThatThrownBy(
            () -> GenerationTask.of("w", samples, SamplingOptions.greedy(4), lambda, metric))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the scorer of 'w' must have an identity")
        .hasMessageContaining("AnswerScorer.named(");
    Metric percent = Metric.of("m", "%", Direction.HIGHER);
    assertThatThrownBy(
            () ->
                GenerationTask.of(
                    "w",
                    samples,
                    SamplingOptions.greedy(4),
                    AnswerScorer.named("length", lambda),
                    percent))
        .hasMessageContaining("the unit of metric 'm' of 'w' must be a fraction");
    assertThatThrownBy(() -> AnswerScorer.named(" ", lambda))
        .hasMessage("identity must not be blank");
    Set<String> scorers = new HashSet<>();
    for (AnswerScorer scorer :
        List.of(
            AnswerScorer.named("even length", lambda),
            AnswerScorer.exact(),
            AnswerScorer.contains(),
            AnswerScorer.f1(),
            AnswerScorer.regex(Pattern.compile("a")),
            AnswerScorer.regex(Pattern.compile("b")),
            AnswerScorer.regex(Pattern.compile("b", Pattern.CASE_INSENSITIVE)))) {
      scorers.add(
          GenerationTask.of("w", samples, SamplingOptions.greedy(4), scorer, metric)
              .provenance()
              .options()
              .get("scorer"));
    }
    assertThat(scorers).hasSize(7).contains("even length", "exact", "regex a");
  }

  @Test
  void aDeclarationMakesABenchmark() throws IOException {
    LoadedBenchmark benchmark = DeclaredBenchmark.of(declaration(DECLARATION));
    assertThat(benchmark.name()).isEqualTo("sums");
    assertThat(benchmark.size()).isEqualTo(50);
    Sample first = benchmark.samples().findFirst().orElseThrow();
    String prompt = ((Prompt.Text) first.prompt()).text();
    assertThat(prompt)
        .matches("(?s)Q: 100 \\+ (\\d)\nA: 10\\1\n\nQ: 100 \\+ (\\d)\nA: 10\\2\n\nQ: 0 \\+ 0\nA:");
    assertThat(benchmark.provenance().options())
        .containsEntry("shotsSeed", "7")
        .containsEntry("shots", "2")
        .containsEntry("template", "sums")
        .containsKeys("templateHash", "examples", "sampling");
    assertThat(benchmark.provenance().hashes()).containsOnlyKeys("sums.csv", "more.csv");
    assertThat(benchmark.metrics())
        .containsExactly(
            Metric.of("accuracy", "fraction", Direction.HIGHER).withChance(0.1).withCitation("us"));
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(
            benchmark,
            new ScriptedGeneration(
                text -> {
                  String[] sum = text.substring(text.lastIndexOf("Q: ") + 3).split("\\D+");
                  int a = Integer.parseInt(sum[0]);
                  int b = Integer.parseInt(sum[1]);
                  return a < 10 ? "?" : "is " + (a < 30 ? a + b : a + b + 1);
                }));
    assertThat(estimates.get("accuracy").value()).isEqualTo(0.5);
    assertThat(estimates.get("accuracy").n()).isEqualTo(40);
    assertThat(estimates.get("accuracy").unscored()).isEqualTo(10);
  }

  @Test
  void choicesAreDeclaredToo() throws IOException {
    Files.writeString(folder.resolve("template.json"), TaskTemplateTest.CAPITALS);
    Files.writeString(
        folder.resolve("sums.csv"), "country,first,second,answer\nX,a,bb,A\nY,c,dd,B\n");
    String text =
        DECLARATION.replaceAll("(?s)\"kind\".*", "")
            + "\"kind\": \"choice\", \"citation\": \"us\"}";
    LoadedBenchmark benchmark = DeclaredBenchmark.of(declaration(text));
    assertThat(benchmark.metrics())
        .extracting(Metric::name)
        .containsExactly("acc", "acc_norm", "acc_bytes");
    assertThat(benchmark.metrics()).allMatch(metric -> metric.chance().orElseThrow() == 0.5);
    assertThat(
            BenchmarkRun.estimates(
                    benchmark, new ScriptedLikelihoods((p, t) -> t.length() > 2 ? -1 : -2))
                .get("acc")
                .value())
        .isEqualTo(0.5);
  }

  @Test
  void equalChoicesAreRefused() throws IOException {
    Files.writeString(folder.resolve("template.json"), TaskTemplateTest.CAPITALS);
    Files.writeString(
        folder.resolve("sums.csv"), "country,first,second,answer\nX,a,bb,A\nY,c,c ,B\n");
    Path file = declaration(DECLARATION.replaceAll("(?s)\"kind\".*", "") + "\"kind\": \"choice\"}");
    assertThatThrownBy(() -> DeclaredBenchmark.of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("choices must differ but 'c")
        .hasMessageContaining("sums.csv, line 3, field 'second'");
    assertThat(DeclaredBenchmark.of(file, ReadOptions.tolerant()).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"kind\": \"generate\"|\"kind\": \"write\"|must be one of [choice, generate] but was"
            + " 'write'|line 6, field 'kind'",
        "\"kind\": \"generate\"|\"kind\": \"choice\"|but was 'scorer'|line 7, field 'scorer'",
        "\"numeric\"|\"fuzzy\"|[contains, exact, f1, numeric, regex] but was 'fuzzy'|line 7, field"
            + " 'scorer'",
        "\"numeric\"|\"regex\"|missing|line 1, field 'pattern'",
        "\"numeric\",|\"regex\", \"pattern\": \"(\",|Unclosed group|line 7, field 'pattern'",
        "\"numeric\",|\"exact\", \"pattern\": \"x\",|only the scorer 'regex'|line 7, field"
            + " 'pattern'",
        "\"maxNewTokens\": 8|\"maxNewTokens\": 0|at least 1 but was 0|line 8, field 'maxNewTokens'",
        "[\"\\n\"]|[\"\"]|must not be empty|line 8, field 'stop'",
        "more.csv|sums.csv|another file than the questions|line 9, field 'examples'",
        "\"shots\": 2|\"shots\": -1|must not be negative but were -1|line 9, field 'shots'",
        "\"higher\"|\"up\"|[higher, ideal, lower, neutral] but was 'up'|line 10, field"
            + " 'metric.direction'",
        "\"higher\"|\"ideal\"|missing|line 10, field 'metric.ideal'",
        "\"chance\"|\"chanse\"|was 'chanse'|line 10, field 'metric.chanse'",
        "\"chance\": 0.1|\"chance\": 10|must be from 0.0 to 1.0|line 10, field 'metric.chance'",
        "\"direction\"|\"unit\": \"%\", \"direction\"|must be a fraction or the like but was %|line"
            + " 10, field 'metric.unit'",
        "\"format\": \"alignment4j-benchmark\"|\"format\": \"x\"|must be 'alignment4j-benchmark'"
            + " but was 'x'|line 2, field 'format'",
      })
  void brokenDeclarationsNameLineAndField(String good, String bad, String problem, String place)
      throws IOException {
    Path file = declaration(DECLARATION.replace(good, bad));
    assertThatThrownBy(() -> DeclaredBenchmark.of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("sums.json, " + place);
  }

  @Test
  void brokenDataNamesFileLineAndField() throws IOException {
    Path file = declaration(DECLARATION);
    Files.writeString(folder.resolve("sums.csv"), "a,b,sum\n1,2,3\n2,2,four\n");
    assertThatThrownBy(() -> DeclaredBenchmark.of(file))
        .hasMessageContaining("a target must be a number but was 'four'")
        .hasMessageContaining("sums.csv, line 3, field 'sum'");
    assertThat(DeclaredBenchmark.of(file, ReadOptions.tolerant()).size()).isEqualTo(1);
    Files.writeString(
        folder.resolve("sums.csv"), "a,b,sum\n1,2,3\n100,2,102\n100,1,101\n100,3,103\n");
    assertThatThrownBy(() -> DeclaredBenchmark.of(file))
        .hasMessageContaining("must not be one of its own examples but it is the one at")
        .hasMessageContaining("more.csv:")
        .hasMessageContaining("sums.csv, line ");
    Files.writeString(folder.resolve("sums.csv"), "a,b,sum\n");
    assertThatThrownBy(() -> DeclaredBenchmark.of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("at least one sample");
    Files.writeString(folder.resolve("sums.csv"), "a,b,total\n1,2,3\n");
    assertThatThrownBy(() -> DeclaredBenchmark.of(file))
        .hasMessageContaining("required but is missing; the row has [a, b, total]")
        .hasMessageContaining("sums.csv, line 2, field 'sum'");
    Files.delete(folder.resolve("sums.csv"));
    assertThatThrownBy(() -> DeclaredBenchmark.of(file)).hasMessageContaining("must exist");
  }

  @Test
  void aScoreOfAScorerOfOnesOwnIsToldWithItsBenchmarkAndSample() {
    List<Sample> samples =
        List.of(
            Sample.open("1", Prompt.text("Water is"), List.of("wet")),
            Sample.open("2", Prompt.text("The sky is"), List.of("blue")));
    for (Metric metric :
        List.of(
            Metric.of("m", "fraction", Direction.HIGHER), Metric.of("m", "", Direction.HIGHER))) {
      AnswerScorer length =
          AnswerScorer.named("length", (answer, targets) -> new Score.Scored(answer.length() - 2));
      Benchmark words =
          GenerationTask.of("words", samples, SamplingOptions.greedy(4), length, metric);
      assertThatThrownBy(
              () ->
                  Evaluation.of(words)
                      .model(new ScriptedGeneration(q -> q.startsWith("The") ? "blue" : "wet"))
                      .run())
          .isInstanceOf(InvalidScoreException.class)
          .hasMessageContaining("benchmark 'words', sample '2'")
          .hasMessageContaining("must be in [0, 1] but that of scorer 'length' was 2.0");
    }
  }

  @Test
  void theSideOfAModelIsDeclared() throws IOException {
    assertThat(DeclaredBenchmark.of(declaration(DECLARATION)).dimension()).isEqualTo("general");
    String with = DECLARATION.replace("\"sums\",\n", "\"sums\", \"dimension\": \"factuality\",\n");
    assertThat(DeclaredBenchmark.of(declaration(with)).dimension()).isEqualTo("factuality");
    String blank = with.replace("factuality", " ");
    assertThatThrownBy(() -> DeclaredBenchmark.of(declaration(blank)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("field 'dimension'");
  }

  @Test
  void examplesWithoutShotsAreRefused() throws IOException {
    String idle = DECLARATION.replace("\"shots\": 2, ", "");
    assertThatThrownBy(() -> DeclaredBenchmark.of(declaration(idle)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("sums.json")
        .hasMessageContaining("field 'examples'")
        .hasMessageContaining("there must be 'shots' where 'examples' is given");
    String seed = idle.replace("\"examples\": \"more.csv\", ", "");
    assertThatThrownBy(() -> DeclaredBenchmark.of(declaration(seed)))
        .hasMessageContaining("field 'shotsSeed'")
        .hasMessageContaining("leave 'shotsSeed' out");
    String none = DECLARATION.replace("\"shots\": 2", "\"shots\": 0");
    assertThat(DeclaredBenchmark.of(declaration(none)).size()).isEqualTo(50);
  }
}
