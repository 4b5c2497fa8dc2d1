package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.gate.Gate;
import org.alignment4j.eval.gate.Gates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationEpochsTest {
  @TempDir Path folder;

  /** Right with the probability of a coin that seed and prompt throw. */
  private static final class Coin implements LanguageModel {
    final AtomicInteger calls = new AtomicInteger();
    final Set<Long> seeds = new HashSet<>();

    @Override
    public String id() {
      return "coin";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      List<Completion> completions = new ArrayList<>();
      for (Prompt prompt : prompts) {
        calls.incrementAndGet();
        long seed = options.seed().orElse(0);
        seeds.add(seed);
        boolean right =
            new SplittableRandom(seed * 31 + ((Prompt.Text) prompt).text().hashCode())
                .nextBoolean();
        completions.add(
            Completion.of(
                right ? "yes" : "no",
                FinishReason.EOS,
                Usage.ofGeneration(9, 1, Duration.ofMillis(1))));
      }
      return completions;
    }
  }

  private static Estimate accuracy(EvaluationRun run) {
    Map<String, Estimate> figures = run.outcome("tiny", "coin").result().estimates();
    assertThat(figures).hasSize(1);
    return figures.values().iterator().next();
  }

  @Test
  void eachSampleIsSolvedWithOtherRandomNumbersAndCountsOnce() {
    Coin coin = new Coin();
    EvaluationRun run =
        Evaluation.of(new TinyBenchmark("tiny", 60))
            .model(coin)
            .epochs(8, EpochReduction.mean())
            .run();
    BenchmarkOutcome outcome = run.outcome("tiny", "coin");
    assertThat(outcome.samples()).hasSize(480);
    assertThat(coin.calls).hasValue(480);
    assertThat(coin.seeds).hasSize(8);
    Estimate mean = accuracy(run);
    assertThat(mean.n()).isEqualTo(60);
    assertThat(mean.clusters()).isEqualTo(30);
    double byHand =
        outcome.samples().stream()
            .mapToDouble(s -> ((Score.Scored) s.scores().get("accuracy")).value())
            .average()
            .orElseThrow();
    assertThat(mean.value()).isCloseTo(byHand, within(1e-12)).isBetween(0.4, 0.6);
    assertThat(outcome.result().usage().calls()).isEqualTo(480);
    assertThat(run.report().provenance().options()).containsEntry("epochs", "8, mean");
  }

  @Test
  void oneEpochIsTheEvaluationWithoutEpochs() {
    Coin coin = new Coin();
    Evaluation evaluation = Evaluation.of(new TinyBenchmark("tiny", 20)).model(coin);
    Estimate plain = accuracy(evaluation.run());
    assertThat(accuracy(evaluation.epochs(1, EpochReduction.mean()).run())).isEqualTo(plain);
  }

  /** Weights of many epochs sum to one but for rounding. */
  @Test
  void equalScoresReduceToThatScore() {
    for (int epochs = 1; epochs <= 60; epochs++) {
      double[] right = new double[epochs];
      Arrays.fill(right, 1);
      for (int k = 1; k <= epochs; k++) {
        assertThat(EpochReduction.passAt(k).of(right)).isEqualTo(1);
      }
      assertThat(EpochReduction.mean().of(right)).isEqualTo(1);
    }
  }

  @Test
  void theBestOfSeveralHasNotTheChanceOfOne() {
    Benchmark chances = new TinyBenchmark("tiny", 4);
    List<Metric> best =
        new RepeatedBenchmark(chances, new Epochs(4, EpochReduction.passAt(2))).metrics();
    assertThat(chances.metrics().get(0).chance()).isPresent();
    assertThat(best.get(0).chance()).isEmpty();
    assertThat(best.get(0).name()).isEqualTo("accuracy pass@2");
    EpochReduction two = EpochReduction.passAt(2);
    assertThat(EpochNames.of(Metric.of("acc/maths", "fraction", Direction.HIGHER), two).name())
        .isEqualTo("acc pass@2/maths");
    assertThat(EpochNames.of(Metric.of("toxic", "fraction", Direction.LOWER), two).name())
        .isEqualTo("toxic max@2");
    assertThat(best.get(0).citation()).contains("best of 2 answers");
    assertThat(new RepeatedBenchmark(chances, new Epochs(4, EpochReduction.mean())).metrics())
        .isEqualTo(chances.metrics());
  }

  @Test
  void passAtKRisesAsCoinsWould() {
    Evaluation evaluation = Evaluation.of(new TinyBenchmark("tiny", 400)).model(new Coin());
    assertThat(accuracy(evaluation.epochs(4, EpochReduction.passAt(1)).run()).value())
        .isCloseTo(0.5, within(0.05));
    assertThat(accuracy(evaluation.epochs(4, EpochReduction.passAt(2)).run()).value())
        .isCloseTo(0.75, within(0.05));
    assertThat(accuracy(evaluation.epochs(4, EpochReduction.passAt(4)).run()).value())
        .isCloseTo(1 - 1 / 16.0, within(0.05));
  }

  @Test
  void aRunFolderGoesOnFromFewerEpochsToMore() {
    Coin coin = new Coin();
    Evaluation evaluation =
        Evaluation.of(new TinyBenchmark("tiny", 10)).model(coin).limit(6, 3).runFolder(folder);
    evaluation.epochs(2, EpochReduction.mean()).run();
    assertThat(coin.calls).hasValue(12);
    EvaluationRun more = evaluation.epochs(5, EpochReduction.mean()).run();
    assertThat(coin.calls).hasValue(30);
    EvaluationRun fresh =
        Evaluation.of(new TinyBenchmark("tiny", 10))
            .model(new Coin())
            .limit(6, 3)
            .epochs(5, EpochReduction.mean())
            .run();
    assertThat(more.outcome("tiny", "coin").result())
        .isEqualTo(fresh.outcome("tiny", "coin").result());
    assertThat(accuracy(more).n()).isEqualTo(6);
  }

  private BenchmarkOutcome tiny(String id, boolean right, int epochs, EpochReduction reduction) {
    ScriptedModel model = new ScriptedModel(id, q -> right ? "yes" : ScriptedModel.mostlyRight(q));
    Evaluation evaluation = Evaluation.of(new TinyBenchmark("tiny", 60)).model(model);
    if (epochs > 0) {
      evaluation.epochs(epochs, reduction);
    }
    return evaluation.run().outcome("tiny", id);
  }

  private static MetricComparison compared(BenchmarkOutcome before, BenchmarkOutcome after) {
    return EvaluationComparison.of(List.of(before), List.of(after)).metrics().get(0);
  }

  @Test
  void epochsArePairedBySampleWithOtherEpochsAndWithNone() {
    EpochReduction mean = EpochReduction.mean();
    BenchmarkOutcome once = tiny("old", false, 0, mean);
    BenchmarkOutcome thrice = tiny("new", true, 3, mean);
    assertThat(thrice.reduced()).hasSize(60);
    for (MetricComparison comparison :
        List.of(
            compared(once, thrice),
            compared(tiny("old", false, 5, mean), thrice),
            compared(
                tiny("old", false, 3, EpochReduction.passAt(2)),
                tiny("new", true, 2, EpochReduction.passAt(2))))) {
      PairedDifference paired = comparison.paired().orElseThrow();
      assertThat(paired.difference().n()).isEqualTo(60);
      assertThat(paired.difference().value()).isCloseTo(1 / 3.0, within(1e-12));
      assertThat(paired.unpaired()).isZero();
      assertThat(comparison.change()).isEqualTo(Change.BETTER);
    }
  }

  @Test
  void figuresOfOtherReductionsAreNotCompared() {
    BenchmarkOutcome once = tiny("old", false, 0, EpochReduction.mean());
    BenchmarkOutcome best = tiny("new", true, 3, EpochReduction.passAt(2));
    assertThatThrownBy(() -> compared(once, best))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one reduction of epochs")
        .hasMessageContaining("mean and maximum of 2");
  }

  @Test
  void aMissingEpochIsNeverAValue() {
    EpochReduction mean = EpochReduction.mean();
    Score one = new Score.Scored(1);
    Score zero = new Score.Scored(0);
    Score failed = new Score.Failed("down");
    Score unscored = new Score.Unscored("none");
    assertThat(mean.reduce(List.of(one, zero, failed))).isEqualTo(new Score.Scored(0.5));
    assertThat(mean.reduce(List.of(unscored, failed))).isEqualTo(failed);
    assertThat(mean.reduce(List.of(unscored))).isEqualTo(unscored);
    EpochReduction two = EpochReduction.passAt(2);
    assertThat(two.reduce(List.of(one, zero))).isEqualTo(one);
    assertThat(two.reduce(List.of(one, failed))).isEqualTo(failed);
    assertThat(two.reduce(List.of(one))).isInstanceOf(Score.Unscored.class);
  }

  @Test
  void whatCannotBeRepeatedIsRefused() {
    assertThatThrownBy(
            () -> Evaluation.of(new TinyBenchmark("tiny", 2)).epochs(2, EpochReduction.passAt(3)))
        .hasMessage("epochs must be at least 3, which the maximum of 3 needs, but were 2");
    assertThatThrownBy(
            () -> Evaluation.of(new TinyBenchmark("tiny", 2)).epochs(0, EpochReduction.mean()))
        .hasMessage("epochs must be at least 1 but were 0");
    TinyBenchmark fixed = new TinyBenchmark("fixed", 2);
    fixed.requires = Set.of(LikelihoodModel.class);
    assertThatThrownBy(() -> Capabilities.requireSampling(List.of(fixed)))
        .hasMessageContaining("must let the model generate to be solved in epochs but [fixed]");
  }

  /** Each third answer of a sample's epochs fails, so that no sample is without a value. */
  @Test
  void anEpochThatFailsOrHasNoVerdictIsCountedBesideTheOthers() {
    TinyBenchmark benchmark = new TinyBenchmark("tiny", 10);
    AtomicInteger times = new AtomicInteger();
    benchmark.scorer =
        (sample, answer, token) -> {
          int time = times.getAndIncrement();
          if (sample.id().equals("s1") && time % 2 == 0) {
            throw new IllegalArgumentException("too long");
          }
          return sample.id().equals("s2") && time % 2 == 0
              ? Map.of("accuracy", new Score.Unscored("no verdict"))
              : Map.of("accuracy", new Score.Scored(1));
        };
    BenchmarkOutcome outcome =
        Evaluation.of(benchmark)
            .model(new Coin())
            .epochs(2, EpochReduction.mean())
            .run()
            .outcome("tiny", "coin");
    assertThat(outcome.failed()).isEqualTo(1);
    assertThat(outcome.status()).isEqualTo("COMPLETE");
    Estimate figure = outcome.result().estimate("accuracy");
    assertThat(figure.value()).isEqualTo(1);
    assertThat(figure.n()).isEqualTo(10);
    assertThat(figure.failed()).isEqualTo(1);
    assertThat(figure.unscored()).isEqualTo(1);
    assertThat(figure.toString()).contains("n = 10").contains("unscored = 1, failed = 1");
  }

  @Test
  void theBestOfSeveralIsNamedSoInFiguresAndGates() {
    Evaluation evaluation =
        Evaluation.of(new TinyBenchmark("tiny", 40))
            .model(new Coin())
            .epochs(3, EpochReduction.passAt(2));
    Gates.of(Gate.atLeast("tiny", "accuracy pass@2", 0.3)).require(evaluation);
    assertThatThrownBy(() -> Gates.of(Gate.atLeast("tiny", "accuracy", 0.3)).require(evaluation))
        .hasMessageContaining("[accuracy pass@2]");
    assertThatThrownBy(
            () -> Gates.of(Gate.betterThanChance("tiny", "accuracy pass@2")).require(evaluation))
        .hasMessageContaining("has none");
    EvaluationRun run = evaluation.runFolder(folder).run();
    BenchmarkOutcome outcome = run.outcome("tiny", "coin");
    assertThat(outcome.result().metrics().get(0).citation()).contains("arXiv 2107.03374");
    assertThat(Gates.of(Gate.atLeast("tiny", "accuracy pass@2", 0.3)).check(run).open()).isTrue();
    MetricComparison same = compared(outcome, outcome);
    assertThat(same.metric().name()).isEqualTo("accuracy pass@2");
    assertThat(same.paired().orElseThrow().test()).isEqualTo(PairedDifference.Test.SIGN_FLIP);
    assertThat(EvaluationPage.of(run, 2).html()).contains("accuracy pass@2");
  }
}
