package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.general.Perplexity;
import org.alignment4j.eval.general.PerplexityOptions;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked again, and what is only estimated again. */
class RunKeyTest {
  @TempDir Path folder;

  private final ScriptedModel model = new ScriptedModel("m", ScriptedModel::mostlyRight);

  private BenchmarkOutcome run(TinyBenchmark tiny, Map<String, String> options) {
    tiny.options = options;
    tiny.estimatorOptions = Set.of("bootstrap");
    return Evaluation.of(tiny).model(model).runFolder(folder).run().outcome("tiny", "m");
  }

  @Test
  void anotherEstimatorTakesTheAnswersThereAre() {
    TinyBenchmark tiny = new TinyBenchmark("tiny", 20);
    BenchmarkOutcome first = run(tiny, Map.of("scorer", "exact", "bootstrap", "seed 1"));
    BenchmarkOutcome second = run(tiny, Map.of("scorer", "exact", "bootstrap", "seed 2"));
    assertThat(model.calls()).isEqualTo(20);
    assertThat(second.samples()).isEqualTo(first.samples());
    assertThat(second.records()).isEqualTo(first.records());
    assertThat(EvaluationComparison.of(List.of(first), List.of(second)).metrics()).hasSize(1);
    Evaluation inEpochs =
        Evaluation.of(tiny).model(model).epochs(2, EpochReduction.mean()).runFolder(folder);
    inEpochs.run();
    tiny.options = Map.of("scorer", "exact", "bootstrap", "seed 3");
    inEpochs.run();
    assertThat(model.calls()).isEqualTo(60);
  }

  @Test
  void bootstrapsOfBenchmarksAreEstimators() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "one two\n<|endoftext|>\nfive six\n");
    ScriptedLikelihoods likelihoods = ScriptedLikelihoods.constant();
    int calls = 0;
    for (long seed = 1; seed <= 2; seed++) {
      Benchmark perplexity =
          Perplexity.of(
              file, new PerplexityOptions(2, 1, ReadOptions.strict(), Bootstrap.seeded(seed)));
      assertThat(perplexity.provenance().options()).containsKeys("bootstrap", "windowWords");
      Evaluation.of(perplexity).model(likelihoods).runFolder(folder.resolve("runs")).run();
      assertThat(likelihoods.calls().size()).isPositive();
      calls = seed == 1 ? likelihoods.calls().size() : calls;
    }
    assertThat(likelihoods.calls()).hasSize(calls);
  }

  @Test
  void anotherScorerSharesNoScoresWithTheFirst() {
    TinyBenchmark tiny = new TinyBenchmark("tiny", 20);
    run(tiny, Map.of("scorer", "exact", "bootstrap", "seed 1"));
    tiny.scorer = (s, answer, token) -> Map.of(TinyBenchmark.METRIC, new Score.Scored(0));
    BenchmarkOutcome other = run(tiny, Map.of("scorer", "none", "bootstrap", "seed 1"));
    assertThat(other.result().estimate(TinyBenchmark.METRIC).value()).isZero();
    assertThat(other.samples()).hasSize(20);
  }
}
