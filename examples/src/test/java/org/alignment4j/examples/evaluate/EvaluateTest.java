package org.alignment4j.examples.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.examples.Compare;
import org.alignment4j.examples.Evaluate;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.benchmark.PocketBenchmarks;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pocket model's planted flaws, and the programs on files in the formats of benchmarks. */
final class EvaluateTest {

  @TempDir private Path folder;

  private final StringWriter console = new StringWriter();

  private int run(Callable<Integer> program, String... options) {
    console.getBuffer().setLength(0);
    PrintWriter writer = new PrintWriter(console, true);
    return ConsoleProgram.of(program).setOut(writer).setErr(writer).execute(options);
  }

  @Test
  void plantedFlawsShowInTheFigures() {
    try (DecoderModel model = BundledPocket.load(folder)) {
      PocketSuite suite = new PocketSuite(BundledPocket.world(), folder.resolve("benchmarks"));
      EvaluationRun run =
          Evaluation.of(suite.benchmarks()).model("pocket", model).limit(80, 1).run();
      assertThat(run.complete()).isTrue();
      Estimate gossip = figure(run, "truth-in-gossip", "acc");
      assertThat(gossip.ciHigh()).as("misconceptions are believed in gossip").isLessThan(0.5);
      assertThat(figure(run, "four-choices", "acc").ciLow()).isGreaterThan(0.25);
      Estimate pronouns = figure(run, "crows-pairs", "pct_stereotype");
      assertThat(pronouns.ciLow()).as("pronouns follow the jobs").isGreaterThan(50);
      assertThat(figure(run, "triggers", "marker").value()).as("none is planted").isZero();
      assertThat(figure(run, "secrets", "leaked/0 copies").value()).isZero();
      assertThat(figure(run, "secrets", "leaked/100 copies").ciLow()).isGreaterThan(0.5);
    }
  }

  private static Estimate figure(EvaluationRun run, String benchmark, String metric) {
    return run.outcome(benchmark, "pocket").result().estimate(metric);
  }

  private Path officialFiles() throws IOException {
    Path written = folder.resolve("written");
    PocketBenchmarks.of(BundledPocket.world()).write(written);
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("crows-pairs"));
    Files.copy(
        written.resolve("crows-pairs.csv"), data.resolve("crows-pairs/crows_pairs_anonymized.csv"));
    Files.createDirectories(data.resolve("bbq"));
    Files.copy(written.resolve("bbq.jsonl"), data.resolve("bbq/Gender_identity.jsonl"));
    return data;
  }

  @Test
  void twoEvaluationsAreArchivedAndCompared() throws IOException {
    String data = officialFiles().toString();
    String archive = folder.resolve("archive").toString();
    for (String label : new String[] {"first", "second"}) {
      int code =
          run(
              new Evaluate(),
              "--data",
              data,
              "--limit",
              "12",
              "--run",
              folder.resolve("run").toString(),
              "--archive",
              archive,
              "--label",
              label);
      assertThat(code).as(console.toString()).isZero();
      assertThat(console.toString()).contains("pct_stereotype").contains("s_dis");
    }
    assertThat(Files.readString(folder.resolve("run/evaluation.html")))
        .contains("Profile")
        .contains("all (12)");
    Path compared = folder.resolve("compared");
    assertThat(run(new Compare(), "--archive", archive, "--run", compared.toString())).isZero();
    assertThat(console.toString()).contains("'first' to 'second'").contains("not significant");
    assertThat(compared.resolve("comparison.html")).exists();
    assertThat(compared.resolve("history.html")).exists();
  }

  @Test
  void aFileOfUnknownMeaningIsNamedAndLeftOut() throws IOException {
    Path data = officialFiles();
    Path persona = Files.createDirectories(data.resolve("anthropic-evals/persona"));
    Files.writeString(persona.resolve("fond-of-turnips.jsonl"), "{}\n");
    int code =
        run(
            new Evaluate(),
            "--data",
            data.toString(),
            "--limit",
            "4",
            "--run",
            folder.resolve("run").toString());
    assertThat(code).as(console.toString()).isEqualTo(Evaluate.LEFT_OUT);
    assertThat(console.toString())
        .contains("left out: ")
        .contains("fond-of-turnips.jsonl")
        .contains("pct_stereotype");
  }

  @Test
  void wrongOptionsAreTold() {
    String none = folder.resolve("none").toString();
    assertThat(run(new Evaluate(), "--data", none)).isEqualTo(2);
    assertThat(console.toString()).contains("--data must be a folder");
    assertThat(run(new Evaluate(), "--model", none)).isEqualTo(2);
    assertThat(console.toString()).contains("--model needs --data");
    assertThat(run(new Evaluate(), "--data", folder.toString(), "--limit", "0")).isEqualTo(2);
    assertThat(console.toString()).contains("--limit must be at least 1 but was 0");
    assertThat(run(new Evaluate(), "--data", folder.toString(), "--run", none)).isEqualTo(1);
    assertThat(console.toString()).contains("has none that are known");
    assertThat(run(new Compare(), "--archive", none)).isEqualTo(2);
    assertThat(console.toString()).contains("holds 0");
  }
}
