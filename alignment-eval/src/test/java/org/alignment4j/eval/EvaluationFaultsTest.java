package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.eval.solve.InvalidScoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationFaultsTest {
  @TempDir Path folder;

  private final TinyBenchmark tiny = new TinyBenchmark("tiny", 30);
  private final ScriptedModel model = new ScriptedModel("m", ScriptedModel::mostlyRight);

  @Test
  void interruptionStopsTheRunAndStaysSet() {
    ScriptedModel interrupting =
        new ScriptedModel(
            "m",
            prompt -> {
              if (prompt.equals("q9")) {
                Thread.currentThread().interrupt();
              }
              return ScriptedModel.mostlyRight(prompt);
            });
    Evaluation evaluation = Evaluation.of(tiny).model(interrupting).batchSize(5).runFolder(folder);
    try {
      assertThatThrownBy(evaluation::run)
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("tiny was stopped");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    Evaluation.of(tiny).model(model).batchSize(5).runFolder(folder).run();
    assertThat(model.calls()).isBetween(20, 25);
  }

  @Test
  void withoutARunFolderTheMessageSaysHowToKeepWhatIsFinished() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertThatThrownBy(() -> Evaluation.of(tiny).model(model).cancellation(cancellation).run())
        .isInstanceOf(CancelledException.class);
    assertThat(model.calls()).isZero();
  }

  @Test
  void cancellationReachesCallsSideBySide() throws Exception {
    Cancellation cancellation = new Cancellation();
    CountDownLatch begun = new CountDownLatch(3);
    ScriptedModel waiting =
        new ScriptedModel(
            "m",
            prompt -> {
              begun.countDown();
              while (!cancellation.isCancelled()) {
                Thread.onSpinWait();
              }
              throw new CancelledException("asked to stop");
            });
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      threads.execute(
          () -> {
            try {
              begun.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            cancellation.cancel();
          });
      assertThatThrownBy(
              () ->
                  Evaluation.of(tiny)
                      .model(waiting)
                      .concurrency(ConcurrencyLimits.atMost(3), threads)
                      .cancellation(cancellation)
                      .run())
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("0 of 30 samples; give a run folder");
      assertThat(waiting.calls()).isEqualTo(3);
    } finally {
      threads.shutdownNow();
    }
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anErrorOfTheMachineIsNoFailedSample() {
    ScriptedModel dying =
        new ScriptedModel(
            "m",
            prompt -> {
              if (prompt.equals("q9")) {
                throw new StackOverflowError("too deep");
              }
              return ScriptedModel.mostlyRight(prompt);
            });
    Evaluation evaluation = Evaluation.of(tiny).model(dying).batchSize(1).runFolder(folder);
    assertThatThrownBy(evaluation::run).isInstanceOf(StackOverflowError.class);

    BenchmarkOutcome resumed =
        Evaluation.of(tiny).model(model).batchSize(1).runFolder(folder).run().outcome("tiny", "m");
    assertThat(model.calls()).isEqualTo(21);
    assertThat(resumed.failed()).isZero();
    assertThat(resumed.samples())
        .isEqualTo(Evaluation.of(tiny).model(model).run().outcome("tiny", "m").samples());
  }

  @Test
  void aDamagedRecordIsNamedByItsLine() throws Exception {
    Path file =
        Evaluation.of(tiny)
            .model(model)
            .runFolder(folder)
            .run()
            .outcome("tiny", "m")
            .records()
            .orElseThrow();
    List<String> lines = Files.readAllLines(file);
    lines.set(4, lines.get(4).replace("yes", "yet"));
    Files.write(file, lines);
    assertThatThrownBy(() -> Evaluation.of(tiny).model(model).runFolder(folder).run())
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("5");
  }

  @Test
  void aRunFolderHasOneOwnerForEachRun() {
    TinyBenchmark nested = new TinyBenchmark("tiny", 30);
    nested.scorer =
        (sample, answer, token) -> {
          Evaluation.of(new TinyBenchmark("tiny", 30)).model(model).runFolder(folder).run();
          return TinyBenchmark.exactMatch(sample, answer, token);
        };
    BenchmarkOutcome outcome =
        Evaluation.of(nested)
            .model(model)
            .batchSize(1)
            .failures(FailurePolicy.first())
            .runFolder(folder)
            .run()
            .outcome("tiny", "m");
    assertThat(outcome.failed()).isEqualTo(1);
    assertThat(outcome.samples().get(0).scores().get("accuracy").toString())
        .contains(RunFolderException.class.getSimpleName());
  }

  @Test
  void aFailureOfOneModelLeavesTheOthersRunning() {
    ScriptedModel down =
        new ScriptedModel(
            "down",
            prompt -> {
              throw new ModelExecutionException("down");
            });
    EvaluationRun run =
        Evaluation.of(tiny).model(down, model).batchSize(1).failures(FailurePolicy.first()).run();
    assertThat(run.outcome("tiny", "down").status()).isEqualTo("INCOMPLETE(failures: 1 of 1)");
    assertThat(run.outcome("tiny", "down").missing()).isEqualTo(29);
    assertThat(run.outcome("tiny", "m").complete()).isTrue();
    assertThat(run.complete()).isFalse();
  }

  @Test
  void slicesOfAFigureAreNoMisspellings() {
    assertThat(Misspelling.of("p_matching/(D)", "p_matching/(A)")).isFalse();
    assertThat(Misspelling.of("accuracy/easy", "accuracy")).isFalse();
    assertThat(Misspelling.of("p_maching/(D)", "p_matching/(A)")).isTrue();
    assertThat(Misspelling.of("acuracy", "accuracy")).isTrue();
  }

  /** A misspelt name would leave its metric without a sample, and say so at the end at most. */
  @Test
  void aScoreOfNoMetricIsToldAtTheFirst() {
    tiny.scorer =
        (sample, answer, token) ->
            Map.of(sample.id().equals("s7") ? "acuracy" : "accuracy", new Score.Scored(1));
    Evaluation evaluation = Evaluation.of(tiny).model(model).batchSize(5).runFolder(folder);
    assertThatThrownBy(evaluation::run)
        .isInstanceOf(InvalidScoreException.class)
        .hasMessageStartingWith("benchmark 'tiny', sample 's7': a score must be that of a metric")
        .hasMessageContaining("one of [accuracy], but there are only [acuracy]")
        .hasMessageContaining("it may be meant for 'accuracy'");
    assertThat(model.calls()).isEqualTo(10);
    tiny.scorer = TinyBenchmark::exactMatch;
    BenchmarkOutcome mended = evaluation.run().outcome("tiny", "m");
    // The answers of the batch that the scorer broke in were kept as well.
    assertThat(model.calls()).isEqualTo(30);
    assertThat(mended.failed()).isZero();
    assertThat(mended.samples().subList(7, 30))
        .isEqualTo(
            Evaluation.of(tiny).model(model).run().outcome("tiny", "m").samples().subList(7, 30));
  }

  @Test
  void aScoreOutsideItsRangeIsToldAtTheFirst() {
    for (double wrong : new double[] {-0.1, 1.1}) {
      tiny.scorer =
          (sample, answer, token) ->
              Map.of("accuracy", new Score.Scored(sample.id().equals("s7") ? wrong : 1));
      assertThatThrownBy(
              () -> Evaluation.of(tiny).model(model).epochs(2, EpochReduction.mean()).run())
          .isInstanceOf(InvalidScoreException.class)
          .hasMessageContaining("benchmark 'tiny', sample 's7 epoch 0'")
          .hasMessageContaining(
              "a score of 'accuracy', whose unit is fraction, must be from 0.0 to 1.0 but was "
                  + wrong);
    }
  }

  @Test
  void slipsAreToldFromOtherNames() {
    assertThat(Misspelling.of("acuracy", "accuracy")).isTrue();
    assertThat(Misspelling.of("Accurcy", "accuracy")).isTrue();
    assertThat(Misspelling.of("acc_norm", "accuracy")).isFalse();
    assertThat(Misspelling.of("rouge1_acc", "rouge2_acc")).isFalse();
    assertThat(Misspelling.of("acc", "ac")).isFalse();
    assertThat(Misspelling.of("token_perplexity", "byte_perplexity")).isFalse();
    // Beside the score of a metric others may stand, but no slip.
    tiny.scorer =
        (s, answer, token) ->
            Map.of("accuracy", new Score.Scored(1), "length", new Score.Scored(7));
    assertThat(Evaluation.of(tiny).model(model).run().complete()).isTrue();
  }
}
