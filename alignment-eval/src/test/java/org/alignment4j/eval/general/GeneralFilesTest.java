package org.alignment4j.eval.general;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.bias.Bbq;
import org.alignment4j.eval.bias.BbqOptions;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.ScriptedGeneration;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, run as users run them, kept on disk and continued. */
class GeneralFilesTest {

  private static final Bootstrap FEW = new Bootstrap(200, 1, 0.95);

  @Test
  void likelihoodsOfRealFilesAreKeptAndAskedOnce(@TempDir Path folder) {
    Benchmark[] benchmarks = {
      Calibration.of(
          Bbq.of(
              SharedFiles.require("data/bbq/Age.jsonl"), BbqOptions.defaults().withBootstrap(FEW)),
          10,
          FEW),
      Perplexity.of(SharedFiles.require("data/tinystories-sample/tinystories_1000.json"))
    };
    ScriptedLikelihoods model = ScriptedLikelihoods.random(1);
    EvaluationRun run =
        Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    for (Benchmark benchmark : benchmarks) {
      assertThat(run.report().of(benchmark.name()).get(0).estimates())
          .as(benchmark.name())
          .isEqualTo(BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(1)));
    }
    int calls = model.calls().size();
    EvaluationRun again =
        Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    assertThat(model.calls()).hasSize(calls);
    assertThat(again.report().results()).isEqualTo(run.report().results());
  }

  @Test
  void answersToRealFilesAreKeptAndAskedOnce(@TempDir Path folder) {
    Benchmark[] benchmarks = {
      Gsm8k.of(SharedFiles.require("data/gsm8k/test.jsonl")),
      Bbq.generated(
          SharedFiles.require("data/bbq/Nationality.jsonl"),
          BbqOptions.defaults().withBootstrap(FEW),
          SamplingOptions.greedy(8))
    };
    AtomicInteger asked = new AtomicInteger();
    ScriptedGeneration model =
        new ScriptedGeneration(
            prompt -> {
              asked.incrementAndGet();
              return "#### "
                  + prompt.length() % 50
                  + " ("
                  + "abc".charAt(prompt.length() % 3)
                  + ")";
            });
    EvaluationRun run = Evaluation.of(benchmarks).model(model).runFolder(folder).run();
    assertThat(asked).hasValue(1319 + 3080);
    assertThat(run.complete()).isTrue();
    assertThat(run.report().of("gsm8k").get(0).estimate("answered").value()).isEqualTo(1);
    assertThat(run.report().of("bbq-generated").get(0).estimate("accuracy").contains(1 / 3.0))
        .isTrue();
    EvaluationRun again = Evaluation.of(benchmarks).model(model).runFolder(folder).run();
    assertThat(asked).hasValue(1319 + 3080);
    assertThat(again.report().results()).isEqualTo(run.report().results());
  }
}
