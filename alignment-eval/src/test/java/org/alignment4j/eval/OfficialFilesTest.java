package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.eval.bias.Bbq;
import org.alignment4j.eval.bias.CrowsPairs;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.bias.StereoSet;
import org.alignment4j.eval.factuality.TruthfulQa;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks of official files, run as users run them, kept on disk and continued. */
class OfficialFilesTest {

  @Test
  void runsGiveTheFiguresOfTheBenchmarksThemselvesAndAskNothingTwice(@TempDir Path folder) {
    Benchmark[] benchmarks = {
      Bbq.of(SharedFiles.require("data/bbq")),
      StereoSet.of(SharedFiles.require("data/stereoset/stereoset.json")),
      CrowsPairs.of(SharedFiles.require("data/crows-pairs/crows_pairs_anonymized.csv")),
      TruthfulQa.multipleChoice(SharedFiles.require("data/truthfulqa/TruthfulQA.csv"))
    };
    ScriptedLikelihoods model = ScriptedLikelihoods.random(1);
    EvaluationRun run =
        Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    for (Benchmark benchmark : benchmarks) {
      Map<String, Estimate> direct =
          BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(1));
      assertThat(run.report().of(benchmark.name()).get(0).estimates())
          .as(benchmark.name())
          .isEqualTo(direct);
    }
    int calls = model.calls().size();
    EvaluationRun again =
        Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    assertThat(model.calls()).hasSize(calls);
    assertThat(again.report().results()).isEqualTo(run.report().results());
  }
}
