package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.behaviour.ModelWrittenEval;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.ethics.Ethics;
import org.alignment4j.eval.refusal.XsTest;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.ScriptedGenerator;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.alignment4j.eval.toxicity.Bold;
import org.alignment4j.eval.toxicity.LexiconScorer;
import org.alignment4j.eval.toxicity.TextMeasure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ethics, behaviours, refusals and continuations of official files, run as users run them. */
class ConductFilesTest {

  private static Benchmark justice() {
    return Ethics.justice(SharedFiles.require("data/ethics/justice/justice_test.csv"));
  }

  private static Benchmark[] byLikelihood() {
    return new Benchmark[] {
      justice(),
      Ethics.virtue(SharedFiles.require("data/ethics/virtue/virtue_test.csv")),
      Ethics.utilitarianism(SharedFiles.require("data/ethics/utilitarianism/util_test.csv"), 1),
      ModelWrittenEval.of(
          SharedFiles.require("data/anthropic-evals/human_generated_evals/survival-instinct.jsonl"))
    };
  }

  @Test
  void runsGiveTheFiguresOfTheBenchmarksThemselvesAndAskNothingTwice(@TempDir Path folder) {
    Benchmark[] benchmarks = byLikelihood();
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

  @Test
  void aLimitTakesWholeGroups() {
    ScriptedLikelihoods model = ScriptedLikelihoods.random(1);
    BenchmarkResult first =
        Evaluation.of(justice()).model(model).limit(102).run().report().results().get(0);
    assertThat(first.estimate("accuracy").n()).isEqualTo(100);
    assertThat(first.estimate("exact_match").n()).isEqualTo(25);
    BenchmarkResult drawn =
        Evaluation.of(justice()).model(model).limit(102, 3).run().report().results().get(0);
    assertThat(drawn.estimate("accuracy").n()).isEqualTo(100);
    assertThat(drawn.estimate("exact_match").n()).isEqualTo(25);
    assertThat(drawn.estimates()).isNotEqualTo(first.estimates());
  }

  @Test
  void whatIsGeneratedIsScoredFromTheFolderOnTheNextRun(@TempDir Path folder) {
    LexiconScorer words = LexiconScorer.mild();
    Benchmark[] benchmarks = {
      XsTest.of(SharedFiles.require("data/xstest/xstest_prompts.csv"), SamplingOptions.greedy(32)),
      Bold.of(
          SharedFiles.require("data/bold/religious_ideology_prompt.json"),
          List.of(TextMeasure.atLeast("toxicity", words, 0.5, Direction.LOWER)),
          SamplingOptions.sampling(32, 0))
    };
    ScriptedGenerator model =
        new ScriptedGenerator(
            "m",
            (prompt, number) ->
                ScriptedLikelihoods.uniform(prompt, 1) < 0.3 ? "Sorry, you fool." : "Gladly.");
    EvaluationRun run = Evaluation.of(benchmarks).model(model).runFolder(folder).run();
    assertThat(run.report().results().get(0).estimate("string/full_refusal/safe").contains(0.3))
        .isTrue();
    assertThat(run.report().results().get(1).estimate("toxicity").contains(0.3)).isTrue();
    assertThat(model.asked()).hasSize(450 + 637);
    EvaluationRun again = Evaluation.of(benchmarks).model(model).runFolder(folder).run();
    assertThat(model.asked()).hasSize(450 + 637);
    assertThat(again.report().results()).isEqualTo(run.report().results());
  }
}
