package org.alignment4j.eval.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MmluTest {

  @TempDir Path folder;

  /** Two subjects of different size, without header rows as the authors' files are. */
  @BeforeEach
  void files() throws IOException {
    for (String split : List.of("dev", "test")) {
      Files.createDirectories(folder.resolve(split));
    }
    write("dev/abstract_algebra_dev.csv", 5, "dev sum");
    write("dev/world_law_dev.csv", 6, "dev law");
    write("test/abstract_algebra_test.csv", 40, "sum");
    write("test/world_law_test.csv", 400, "law");
  }

  private void write(String file, int rows, String text) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      lines
          .append("\"What, of ")
          .append(text + " " + i)
          .append("?\",one " + i + ",two,\"three, long\",four,")
          .append("ABCD".charAt(i % 4))
          .append('\n');
    }
    Files.writeString(folder.resolve(file), lines);
  }

  private static String text(Sample sample) {
    return ((Prompt.Text) sample.prompt()).text();
  }

  @Test
  void fiveExamplesOfTheSubjectStandBeforeEachQuestion() {
    LoadedBenchmark benchmark = Mmlu.of(folder);
    assertThat(benchmark.size()).isEqualTo(440);
    Sample first = benchmark.samples().findFirst().orElseThrow();
    assertThat(text(first))
        .startsWith(
            "The following are multiple choice questions (with answers) about abstract algebra.\n\n"
                + "What, of dev sum 0?\nA. one 0\nB. two\nC. three, long\nD. four\nAnswer: A\n\n"
                + "What, of dev sum 1?")
        .endsWith(
            "Answer: A\n\nWhat, of sum 0?\nA. one 0\nB. two\nC. three, long\nD. four\nAnswer:");
    assertThat(text(first).split("\nAnswer:", -1)).hasSize(7);
    assertThat(first.choices()).containsExactly("A", "B", "C", "D");
    assertThat(benchmark.provenance().hashes())
        .containsOnlyKeys(
            "abstract_algebra_dev.csv",
            "abstract_algebra_test.csv",
            "world_law_dev.csv",
            "world_law_test.csv");
    assertThat(benchmark.provenance().options())
        .containsEntry("shots", "5")
        .containsEntry("examples world law", "line 1, line 2, line 3, line 4, line 5")
        .containsKey("templateHash");
  }

  /** The model sees one text before all questions of a subject, and can compute it once. */
  @Test
  void theExamplesReachTheModelAsACommonBeginning() {
    LoadedBenchmark benchmark = Mmlu.of(folder);
    ScriptedLikelihoods model = ScriptedLikelihoods.constant();
    BenchmarkRun.results(benchmark, model);
    List<String> prompts =
        model.calls().get(0).stream()
            .filter(c -> ((Prompt.Text) c.prompt()).text().contains("world law"))
            .map(c -> ((Prompt.Text) ((Continuation.OfText) c).prompt()).text())
            .distinct()
            .toList();
    assertThat(prompts).hasSize(400);
    String common = prompts.get(0);
    for (String prompt : prompts) {
      int at = 0;
      while (at < common.length() && common.charAt(at) == prompt.charAt(at)) {
        at++;
      }
      common = common.substring(0, at);
    }
    assertThat(common).endsWith("Answer: A\n\nWhat, of law ").contains("dev law 4?");
  }

  @Test
  void drawnExamplesDependOnTheSeedAlone() {
    LoadedBenchmark one = Mmlu.of(folder, MmluOptions.letters(3).drawn(1));
    LoadedBenchmark same = Mmlu.of(folder, MmluOptions.letters(3).drawn(1));
    assertThat(one.samples().toList()).isEqualTo(same.samples().toList());
    assertThat(one.provenance()).isEqualTo(same.provenance());
    assertThat(one.provenance().options()).containsEntry("shotsSeed", "1");
    assertThat(
            java.util.stream.LongStream.range(0, 20)
                .mapToObj(s -> Mmlu.of(folder, MmluOptions.letters(3).drawn(s)))
                .map(b -> b.provenance().options().get("examples world law"))
                .distinct())
        .hasSizeGreaterThan(10);
  }

  @Test
  void guessingScoresAQuarterAndATieIsWrong() {
    LoadedBenchmark benchmark = Mmlu.of(folder, MmluOptions.texts(0));
    int covered = 0;
    int all = 0;
    for (int seed = 0; seed < 40; seed++) {
      Map<String, Estimate> estimates =
          BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(seed));
      for (Metric metric : benchmark.metrics()) {
        all++;
        boolean contains = estimates.get(metric.name()).contains(metric.chance().orElseThrow());
        covered += metric.name().startsWith("acc_") || contains ? 1 : 0;
      }
    }
    assertThat(benchmark.metrics()).allMatch(m -> m.chance().orElseThrow() == 0.25);
    assertThat((double) covered / all).isGreaterThan(0.92);
    Map<String, Estimate> tied = BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.constant());
    assertThat(tied.get("acc").value()).isZero();
  }

  @Test
  void subjectsCountAlikeInTheMacroMean() {
    LoadedBenchmark benchmark = Mmlu.of(folder, MmluOptions.letters(1));
    ScriptedLikelihoods onlyA = new ScriptedLikelihoods((p, t) -> t.equals(" A") ? -1 : -2);
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, onlyA);
    assertThat(benchmark.metrics())
        .extracting(Metric::name)
        .containsExactly("acc", "acc/macro", "acc/abstract algebra", "acc/world law");
    assertThat(estimates.keySet())
        .containsExactlyInAnyOrderElementsOf(
            benchmark.metrics().stream().map(Metric::name).toList());
    ScriptedLikelihoods algebra =
        new ScriptedLikelihoods(
            (p, t) -> {
              String q = p.substring(p.lastIndexOf("What, of "));
              int n = Integer.parseInt(q.replaceAll("(?s).*(?:sum|law) (\\d+)\\?.*", "$1"));
              String right = q.contains("sum") ? "ABCD" : "BCDA";
              return t.equals(" " + right.charAt(n % 4)) ? -1 : -2;
            });
    Map<String, Estimate> half = BenchmarkRun.estimates(benchmark, algebra);
    assertThat(half.get("acc/abstract algebra").value()).isEqualTo(1);
    assertThat(half.get("acc/world law").value()).isZero();
    assertThat(half.get("acc/macro").value()).isEqualTo(0.5);
    assertThat(half.get("acc").value()).isCloseTo(40 / 440.0, within(1e-12));
    assertThat(half.get("acc/macro").ciLow()).isCloseTo(0.5 - (1 - 0.9124) / 2, within(1e-3));
  }

  @Test
  void hubFormGivesTheSameSamples() throws IOException {
    Path hub = Files.createDirectory(folder.resolve("hub"));
    for (String split : List.of("dev", "test")) {
      StringBuilder lines = new StringBuilder();
      int rows = split.equals("dev") ? 5 : 40;
      for (int i = 0; i < rows; i++) {
        lines.append(
            "{\"question\": \"What, of "
                + (split.equals("dev") ? "dev " : "")
                + "sum "
                + i
                + "?\", \"subject\": \"abstract_algebra\", \"choices\": [\"one "
                + i
                + "\", \"two\", \"three, long\", \"four\"], \"answer\": "
                + i % 4
                + "}\n");
      }
      Files.writeString(hub.resolve(split + ".jsonl"), lines);
    }
    List<Sample> table =
        Mmlu.of(folder)
            .samples()
            .filter(sample -> sample.metadata().containsValue("abstract algebra"))
            .toList();
    List<Sample> hubs = Mmlu.of(hub).samples().toList();
    assertThat(hubs)
        .extracting(Sample::prompt)
        .isEqualTo(table.stream().map(Sample::prompt).toList());
    assertThat(hubs)
        .extracting(Sample::targets)
        .isEqualTo(table.stream().map(Sample::targets).toList());
    Path broken = hub.resolve("test.jsonl");
    Files.writeString(
        broken, Files.readString(broken).replaceFirst("\"answer\": 0", "\"answer\": 4"));
    assertThatThrownBy(() -> Mmlu.of(hub))
        .hasMessageContaining("from 0 to 3 but was 4")
        .hasMessageContaining("test.jsonl, line 1, field 'answer'");
  }

  @Test
  void headerRowsAreSeen() throws IOException {
    Path file = folder.resolve("test/world_law_test.csv");
    Files.writeString(file, "question,A,B,C,D,answer\n" + Files.readString(file));
    assertThat(Mmlu.of(folder).size()).isEqualTo(440);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "What now?,a,b,c,d,E|must be one of [A, B, C, D] but was 'E'|line 401, field 'answer'",
        "What now?,a,b,c,B|as many cells as there are columns, 6, but has 5|line 401",
        "What now?,a,,c,d,B|must not be empty|line 401, field 'B'",
        "`\"What, of dev law 2?\",one 2,two,\"three, long\",four,C`|must not be one of its own"
            + " examples|line 401",
      })
  void brokenRowsNameFileAndLine(String row, String problem, String place) throws IOException {
    Path file = folder.resolve("test/world_law_test.csv");
    Files.writeString(file, Files.readString(file) + row + "\n");
    assertThatThrownBy(() -> Mmlu.of(folder))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("world_law_test.csv, " + place);
    if (!problem.contains("examples")) {
      MmluOptions tolerant = MmluOptions.defaults().withReading(ReadOptions.tolerant());
      assertThat(Mmlu.of(folder, tolerant).size()).isEqualTo(440);
    }
  }

  @Test
  void missingSplitsAndTooFewExamplesAreRefused() {
    assertThatThrownBy(() -> Mmlu.of(folder, MmluOptions.letters(6)))
        .hasMessageContaining("at least 6 examples of 'abstract algebra' but there are 5");
    assertThatThrownBy(() -> Mmlu.of(folder.resolve("none"))).hasMessageContaining("must exist");
    assertThatThrownBy(() -> Mmlu.of(folder.resolve("dev"))).hasMessageContaining("must exist");
  }
}
