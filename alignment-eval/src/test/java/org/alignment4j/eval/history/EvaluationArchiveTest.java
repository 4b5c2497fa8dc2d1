package org.alignment4j.eval.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Change;
import org.alignment4j.eval.ComparisonPage;
import org.alignment4j.eval.EpochReduction;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationComparison;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.ScriptedModel;
import org.alignment4j.eval.TinyBenchmark;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationArchiveTest {
  private static final Instant MONDAY = Instant.parse("2026-01-05T10:00:00Z");
  private static final Instant TUESDAY = Instant.parse("2026-01-06T10:00:00Z");

  @TempDir private Path folder;

  private static EvaluationRun run(String name, int size, ScriptedModel... models) {
    return Evaluation.of(new TinyBenchmark(name, size)).model(models).run();
  }

  private static ScriptedModel good() {
    return new ScriptedModel("prod", ScriptedModel::mostlyRight);
  }

  private static ScriptedModel bad() {
    return new ScriptedModel("prod", q -> ScriptedModel.number(q) % 7 == 0 ? "dunno" : "no");
  }

  @Test
  void whatIsFiledIsReadBackWhole() {
    EvaluationArchive archive = new EvaluationArchive(folder.resolve("new"));
    EvaluationRun run = run("tiny", 40, bad());
    archive.save("v1.0", MONDAY, run);
    ArchivedEvaluation read = archive.load("v1.0");
    assertThat(read.at()).isEqualTo(MONDAY);
    assertThat(read.outcomes()).isEqualTo(run.outcomes());
    List<BenchmarkOutcome> figures = archive.all().get(0).outcomes();
    assertThat(figures.get(0).result()).isEqualTo(run.outcomes().get(0).result());
    assertThat(figures.get(0).samples()).isEmpty();
  }

  @Test
  void epochsAreReadBackWithWhatTheyComeTo() {
    EvaluationArchive archive = new EvaluationArchive(folder);
    List<EpochReduction> reductions = List.of(EpochReduction.mean(), EpochReduction.passAt(2));
    for (EpochReduction reduction : reductions) {
      EvaluationRun run =
          Evaluation.of(new TinyBenchmark("tiny", 6)).model(good()).epochs(2, reduction).run();
      String label = "least-" + (reductions.indexOf(reduction) + 1);
      archive.save(label, MONDAY, run);
      assertThat(archive.load(label).outcomes()).isEqualTo(run.outcomes());
    }
    assertThat(HistoryPage.of(archive.all()).html()).contains("<bdi>prod (task 2)</bdi>");
  }

  @Test
  void directionsAreReadBack() {
    EvaluationRun run = run("tiny", 6, bad());
    BenchmarkOutcome tiny = run.outcomes().get(0);
    List<Metric> metrics =
        List.of(
            Metric.of("accuracy", "fraction", Direction.NEUTRAL),
            Metric.of("low", "", Direction.LOWER),
            Metric.of("middle", "%", Direction.ideal(50)));
    BenchmarkResult result =
        new BenchmarkResult(
            "tiny",
            tiny.result().version(),
            tiny.result().dimension(),
            "prod",
            metrics,
            tiny.result().estimates(),
            tiny.result().usage(),
            "");
    BenchmarkOutcome changed =
        new BenchmarkOutcome(result, tiny.key(), tiny.samples(), 0, 0, Optional.empty());
    EvaluationArchive archive = new EvaluationArchive(folder);
    archive.save("a", MONDAY, new EvaluationRun(run.report(), List.of(changed), 0, run.elapsed()));
    assertThat(archive.load("a").outcomes().get(0).result().metrics()).isEqualTo(metrics);
  }

  @Test
  void modelIsComparedWithItselfAtAnotherTimeSampleBySample() {
    EvaluationArchive archive = new EvaluationArchive(folder);
    archive.save("tuesday", TUESDAY, run("tiny", 60, bad()));
    archive.save("monday", MONDAY, run("tiny", 60, good()));
    assertThat(archive.all())
        .extracting(ArchivedEvaluation::label)
        .containsExactly("monday", "tuesday");
    EvaluationComparison comparison =
        EvaluationComparison.of(
            archive.load("monday").of("prod"), archive.load("tuesday").of("prod"));
    assertThat(comparison.metrics().get(0).change()).isEqualTo(Change.WORSE);
    assertThat(comparison.metrics().get(0).paired().orElseThrow().unpaired()).isEqualTo(9);
    assertThat(ComparisonPage.of(comparison).html())
        .contains("Significantly worse: tiny accuracy.")
        .contains("difference, fraction");
  }

  @Test
  void otherSamplesGetALineOfTheirOwn() {
    EvaluationArchive archive = new EvaluationArchive(folder);
    archive.save("a", MONDAY, run("tiny", 60, good()));
    archive.save("b", TUESDAY, run("tiny", 60, bad()));
    archive.save("c", TUESDAY.plusSeconds(1), run("tiny", 30, good()));
    String html = HistoryPage.of(archive.all()).html();
    assertThat(html).contains("<bdi>prod</bdi>").contains("<bdi>prod (task 2)</bdi>");
    assertThatThrownBy(
            () ->
                EvaluationComparison.of(archive.load("a").of("prod"), archive.load("c").of("prod")))
        .hasMessageContaining("data");
  }

  @Test
  void wrongLabelsAreRefusedAndNothingIsReplaced() {
    EvaluationArchive archive = new EvaluationArchive(folder);
    EvaluationRun run = run("tiny", 6, good());
    archive.save("a", MONDAY, run);
    assertThatThrownBy(() -> archive.save("a", TUESDAY, run)).hasMessageContaining("'a' is taken");
    assertThatThrownBy(() -> archive.save("../a", TUESDAY, run)).hasMessageContaining("'../a'");
    assertThatThrownBy(() -> archive.load("b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a]")
        .hasMessageContaining("'b'");
    assertThatThrownBy(() -> archive.load("a").of("other"))
        .hasMessageContaining("'prod'")
        .hasMessageContaining("'other'");
    assertThat(new EvaluationArchive(folder.resolve("none")).all()).isEmpty();
    assertThatThrownBy(() -> HistoryPage.of(List.of())).hasMessageContaining("must not be empty");
  }

  @Test
  void damagedFilesAreNamedWithTheLine() throws IOException {
    EvaluationArchive archive = new EvaluationArchive(folder);
    archive.save("a", MONDAY, run("tiny", 6, good()));
    Path file = folder.resolve("a.evaluation.jsonl");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 20));
    assertThatThrownBy(() -> archive.load("a"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("a.evaluation.jsonl")
        .hasMessageContaining("7");
    Files.writeString(file, text.replace("\"version\":1", "\"version\":2"));
    assertThatThrownBy(archive::all).hasMessageContaining("version 2");
  }

  /** A task has one number, whichever models and figures it was seen on first. */
  @Test
  void tasksAreNumberedAlikeForAllModels() {
    EvaluationArchive archive = new EvaluationArchive(folder);
    ScriptedModel late = new ScriptedModel("late", ScriptedModel::mostlyRight);
    archive.save("a", MONDAY, run("tiny", 60, good()));
    archive.save("b", TUESDAY, run("tiny", 30, late));
    String two = HistoryPage.of(archive.all()).html();
    assertThat(two).contains("<bdi>prod</bdi>").contains("<bdi>late (task 2)</bdi>");
    archive.save("c", TUESDAY.plusSeconds(1), run("tiny", 60, late));
    String three = HistoryPage.of(archive.all()).html();
    assertThat(three)
        .contains("<bdi>prod</bdi>")
        .contains("<bdi>late (task 2)</bdi>")
        .contains("<bdi>late</bdi>");
  }

  @Test
  void benchmarksAreAttachedToWhatWasMadeOfTheirFiles() {
    EvaluationArchive archive = new EvaluationArchive(folder);
    TinyBenchmark tiny = new TinyBenchmark("tiny", 20);
    archive.save("a", MONDAY, Evaluation.of(tiny).model(good()).run());
    ArchivedEvaluation read = archive.load("a");
    assertThat(read.outcomes().get(0).benchmark()).isEmpty();
    ArchivedEvaluation with = read.with(List.of(new TinyBenchmark("other", 20), tiny));
    assertThat(with.outcomes().get(0).benchmark()).containsSame(tiny);
    assertThat(with).isEqualTo(read);
    Benchmark elsewhere = otherFiles(tiny);
    assertThat(read.with(List.of(elsewhere)).outcomes().get(0).benchmark()).isEmpty();
    assertThat(read.with(List.of()).outcomes().get(0).benchmark()).isEmpty();
  }

  /** The same name and version, made of other data. */
  private static Benchmark otherFiles(TinyBenchmark tiny) {
    Provenance own = tiny.provenance();
    return new LoadedBenchmark(
        tiny.name(),
        tiny.version(),
        tiny.samples().toList(),
        new LoadedBenchmark.Method(tiny.metrics(), tiny.solver(), tiny.scorer(), tiny::estimate),
        List.of(
            new ReadReport(
                "content",
                Optional.of(own.hashes().get("content").hex().replace('a', 'b').replace('1', '2')),
                1,
                Map.of(),
                List.of())),
        Map.of());
  }
}
