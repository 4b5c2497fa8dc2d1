package org.alignment4j.eval.factuality;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks of official files, run as users run them, kept on disk and continued. */
class FactualityFilesTest {

  private static final Path TRUTHFUL = Path.of("data/truthfulqa/TruthfulQA.csv");

  @Test
  void likelihoodsOfTheRealFiles(@TempDir Path folder) {
    Benchmark[] benchmarks = {
      TruthfulQa.multipleChoice(SharedFiles.require(TRUTHFUL.toString())),
      ClozeFacts.known(SharedFiles.require("data/known1000/known_1000.json")),
      ClozeFacts.relations(
          SharedFiles.require("data/relations-lre"),
          ClozeFacts.KINDS,
          ClozeFacts.Prompts.ZERO_SHOT,
          ReadOptions.strict())
    };
    ScriptedLikelihoods model = ScriptedLikelihoods.random(3);
    EvaluationRun run =
        Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    for (Benchmark benchmark : benchmarks) {
      Map<String, Estimate> direct =
          BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(3));
      assertThat(run.report().of(benchmark.name()).get(0).estimates())
          .as(benchmark.name())
          .isEqualTo(direct);
    }
    int calls = model.calls().size();
    Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    assertThat(model.calls()).hasSize(calls);
  }

  @Test
  void generationOnTheRealFiles(@TempDir Path folder) {
    WeighedChoices judge = new WeighedChoices(prompt -> ScriptedLikelihoods.uniform(prompt, 5));
    Benchmark[] benchmarks = {
      TruthfulQa.generation(
          SharedFiles.require(TRUTHFUL.toString()),
          TruthfulQaGeneration.overlaps()
              .withJudges(
                  YesNoJudges.fineTuned(judge, "True"), YesNoJudges.fineTuned(judge, "Helpful")),
          ReadOptions.strict()),
      ClozeFacts.knownGenerated(
          SharedFiles.require("data/known1000/known_1000.json"), ReadOptions.strict())
    };
    TextModel model = TextModel.of(prompt -> " Nobody knows for sure.");
    EvaluationRun run =
        Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    Map<String, Estimate> truthful = run.report().of("truthfulqa-gen").get(0).estimates();
    // A judge that tosses a coin for each quality finds half true and a quarter both.
    assertThat(truthful.get("truthful").contains(0.5)).isTrue();
    assertThat(truthful.get("truthful_informative").contains(0.25)).isTrue();
    assertThat(truthful.get("truthful_informative/by_category").clusters()).isEqualTo(38);
    assertThat(run.report().of("truthfulqa-gen").get(0).usage().calls()).isEqualTo(3 * 817);
    assertThat(run.report().of("known-facts-gen").get(0).estimate("generated").value()).isZero();
    int answered = model.answered();
    int judged = judge.asked().size();
    Evaluation.of(benchmarks).model(model).batchSize(64).runFolder(folder).run();
    assertThat(model.answered()).isEqualTo(answered);
    assertThat(judge.asked()).hasSize(judged);
  }
}
