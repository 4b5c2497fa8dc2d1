package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.record.RunKey;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.junit.jupiter.api.Test;

class EvaluationComparisonTest {

  /** Scores by sample; NaN for a failed one. Two samples a cluster. */
  private static BenchmarkOutcome outcome(
      String benchmark, String model, Direction direction, double... scores) {
    List<SampleResult> samples = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      Score score =
          Double.isNaN(scores[i]) ? new Score.Failed("down") : new Score.Scored(scores[i]);
      samples.add(new SampleResult("s" + i, "c" + i / 2, Map.of("m", score), Map.of()));
      if (!Double.isNaN(scores[i])) {
        values.add(scores[i]);
      }
    }
    Estimate mean = Estimates.mean(values.stream().mapToDouble(v -> v).toArray());
    return outcome(benchmark, model, direction, samples, mean);
  }

  private static BenchmarkOutcome outcome(
      String benchmark,
      String model,
      Direction direction,
      List<SampleResult> samples,
      Estimate estimate) {
    return new BenchmarkOutcome(
        new BenchmarkResult(
            benchmark,
            "1",
            "general",
            model,
            List.of(Metric.of("m", "", direction)),
            Map.of("m", estimate),
            Usage.NONE,
            ""),
        key(benchmark, model, "1", "data"),
        samples,
        0,
        0,
        Optional.empty());
  }

  private static RunKey key(String benchmark, String model, String version, String data) {
    return new RunKey(
        benchmark,
        version,
        ContentHash.of(data),
        model,
        Map.of(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static double[] constant(int n, double value) {
    double[] values = new double[n];
    Arrays.fill(values, value);
    return values;
  }

  /** An outcome of which so many samples failed. */
  private static BenchmarkOutcome broken(String model, int failed) {
    BenchmarkOutcome whole = outcome("b", model, Direction.HIGHER, constant(100, 1));
    return new BenchmarkOutcome(
        whole.result(), whole.key(), whole.samples(), failed, 0, Optional.empty());
  }

  @Test
  void brokenCandidatesAreIncomplete() {
    List<BenchmarkOutcome> before = List.of(broken("old", 0));
    assertThat(EvaluationComparison.of(before, List.of(broken("new", 5))).exitCode())
        .isEqualTo(EvaluationComparison.EXIT_PASSED);
    assertThat(EvaluationComparison.of(before, List.of(broken("new", 6))).exitCode())
        .isEqualTo(EvaluationComparison.EXIT_INCOMPLETE);
    assertThat(
            EvaluationComparison.of(List.of(broken("old", 100)), List.of(broken("new", 0)))
                .exitCode())
        .isEqualTo(EvaluationComparison.EXIT_INCOMPLETE);
    BenchmarkOutcome other = outcome("other", "new", Direction.HIGHER, constant(12, 1));
    assertThat(EvaluationComparison.of(before, List.of(other)).exitCode())
        .isEqualTo(EvaluationComparison.EXIT_INCOMPLETE);
    assertThat(EvaluationComparison.of(before, List.of(broken("new", 0), other)).exitCode())
        .isEqualTo(EvaluationComparison.EXIT_PASSED);
  }

  @Test
  void figuresThatFailedForManySamplesAreIncomplete() {
    Estimate half = new Estimate(1, 0.1, 0.8, 1, 0.95, 50, 50, 0, 50);
    List<SampleResult> samples = outcome("b", "new", Direction.HIGHER, constant(100, 1)).samples();
    assertThat(
            EvaluationComparison.of(
                    List.of(broken("old", 0)),
                    List.of(outcome("b", "new", Direction.HIGHER, samples, half)))
                .complete())
        .isFalse();
  }

  /** Six clusters that all differ alike: of 2^6 sign patterns two are as extreme. */
  @Test
  void pairsAreTestedByClusterAgainstAnExactCount() {
    EvaluationComparison comparison =
        EvaluationComparison.of(
            List.of(outcome("b", "old", Direction.HIGHER, constant(12, 0))),
            List.of(outcome("b", "new", Direction.HIGHER, constant(12, 1))));

    PairedDifference paired = comparison.metrics().get(0).paired().orElseThrow();
    assertThat(paired.difference().value()).isEqualTo(1);
    assertThat(paired.difference().clusters()).isEqualTo(6);
    assertThat(paired.pValue()).isCloseTo(2 / 64.0, within(1e-12));
    assertThat(comparison.metrics().get(0).change()).isEqualTo(Change.BETTER);
    assertThat(comparison.exitCode()).isEqualTo(EvaluationComparison.EXIT_PASSED);
    assertThat(comparison.before()).isEqualTo("old");
  }

  @Test
  void differenceAndDetectableDifferenceAreThoseOfANaiveComputation() {
    SplittableRandom random = new SplittableRandom(5);
    double[] old = random.doubles(40).toArray();
    double[] young = random.doubles(40).map(v -> v + 0.1).toArray();
    EvaluationComparison comparison =
        EvaluationComparison.of(
            List.of(outcome("b", "old", Direction.HIGHER, old)),
            List.of(outcome("b", "new", Direction.HIGHER, young)));
    double mean = 0;
    for (int i = 0; i < 40; i++) {
      mean += (young[i] - old[i]) / 40;
    }
    double squares = 0;
    for (int c = 0; c < 20; c++) {
      double sum = young[2 * c] - old[2 * c] + young[2 * c + 1] - old[2 * c + 1] - 2 * mean;
      squares += sum * sum;
    }
    double error = Math.sqrt(20.0 / 19 * squares) / 40;
    PairedDifference paired = comparison.metrics().get(0).paired().orElseThrow();
    assertThat(paired.difference().value()).isCloseTo(mean, within(1e-12));
    assertThat(paired.difference().standardError()).isCloseTo(error, within(1e-12));
    assertThat(paired.detectable()).isCloseTo((1.959963985 + 0.841621234) * error, within(1e-8));
  }

  @Test
  void manyMetricsAreAdjustedByHolm() {
    List<BenchmarkOutcome> before = new ArrayList<>();
    List<BenchmarkOutcome> after = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      before.add(outcome("b" + i, "old", Direction.HIGHER, constant(12, 0)));
      after.add(outcome("b" + i, "new", Direction.HIGHER, constant(12, 1)));
    }
    EvaluationComparison comparison = EvaluationComparison.of(before, after);
    assertThat(comparison.metrics())
        .allSatisfy(
            m -> {
              PairedDifference paired = m.paired().orElseThrow();
              assertThat(paired.pValue()).isCloseTo(2 / 64.0, within(1e-12));
              assertThat(paired.adjustedPValue()).isCloseTo(6 / 64.0, within(1e-12));
              assertThat(m.change()).isEqualTo(Change.NOT_SIGNIFICANT);
            });
  }

  @Test
  void directionDecidesWhatIsWorseAndTheGate() {
    assertThat(change(Direction.HIGHER, 1, 0)).isEqualTo(Change.WORSE);
    assertThat(change(Direction.LOWER, 1, 0)).isEqualTo(Change.BETTER);
    assertThat(change(Direction.ideal(50), 60, 52)).isEqualTo(Change.BETTER);
    assertThat(change(Direction.ideal(50), 52, 40)).isEqualTo(Change.WORSE);
    assertThat(change(Direction.ideal(50), 45, 55)).isEqualTo(Change.CHANGED);
    assertThat(change(Direction.NEUTRAL, 0, 1)).isEqualTo(Change.CHANGED);
    assertThat(change(Direction.NEUTRAL, 1, 0)).isEqualTo(Change.CHANGED);
    assertThat(change(Direction.HIGHER, 1, 1)).isEqualTo(Change.NOT_SIGNIFICANT);
    EvaluationComparison worse =
        EvaluationComparison.of(
            List.of(outcome("b", "old", Direction.HIGHER, constant(12, 1))),
            List.of(outcome("b", "new", Direction.HIGHER, constant(12, 0))));
    assertThat(worse.exitCode()).isEqualTo(EvaluationComparison.EXIT_WORSE);
    assertThat(worse.worse()).hasSize(1);
  }

  private static Change change(Direction direction, double before, double after) {
    return EvaluationComparison.of(
            List.of(outcome("b", "old", direction, constant(12, before))),
            List.of(outcome("b", "new", direction, constant(12, after))))
        .metrics()
        .get(0)
        .change();
  }

  @Test
  void samplesThatOneOfThemLacksAreLeftOutAndCounted() {
    PairedDifference paired =
        EvaluationComparison.of(
                List.of(outcome("b", "old", Direction.HIGHER, 0, Double.NaN, 1, 1)),
                List.of(outcome("b", "new", Direction.HIGHER, 1, 1, Double.NaN, 1)))
            .metrics()
            .get(0)
            .paired()
            .orElseThrow();
    assertThat(paired.difference().n()).isEqualTo(2);
    assertThat(paired.difference().value()).isEqualTo(0.5);
    assertThat(paired.unpaired()).isEqualTo(2);
  }

  @Test
  void figuresThatAreNoMeanOfScoresAreNotTested() {
    BenchmarkOutcome plain = outcome("b", "old", Direction.HIGHER, 0, 1, 1, 1);
    BenchmarkOutcome ratio =
        outcome("b", "new", Direction.HIGHER, plain.samples(), Estimates.proportion(1, 9));
    EvaluationComparison comparison = EvaluationComparison.of(List.of(plain), List.of(ratio));
    assertThat(comparison.metrics().get(0).paired()).isEmpty();
    assertThat(comparison.metrics().get(0).change()).isEqualTo(Change.UNTESTED);
  }

  @Test
  void figuresThatAreNoMeanOfScoresAreTestedByTheirBenchmark() {
    LoadedBenchmark squares =
        new LoadedBenchmark(
            "b",
            "1",
            List.of(Sample.open("s", Prompt.text("p"), List.of())),
            new LoadedBenchmark.Method(
                List.of(Metric.of("m", "", Direction.HIGHER)),
                Generation.once(SamplingOptions.greedy(1)),
                (sample, answer, cancellation) -> Map.of(),
                results -> {
                  double mean = MetricScores.of(results, "m").mean().value();
                  double none = Double.NaN;
                  int n = results.size();
                  return Map.of("m", new Estimate(mean * mean, none, none, none, 0.95, n, n, 0, 0));
                }),
            List.of(),
            Map.of());
    SplittableRandom random = new SplittableRandom(5);
    double[] old = random.doubles(60).toArray();
    double[] young = Arrays.stream(old).map(v -> v + 0.1 + random.nextDouble() / 10).toArray();
    BenchmarkOutcome before = squared("old", squares, old);
    BenchmarkOutcome after = squared("new", squares, young);
    EvaluationComparison comparison =
        EvaluationComparison.of(List.of(before), List.of(after), 0.05, 0, 500);
    PairedDifference paired = comparison.metrics().get(0).paired().orElseThrow();
    assertThat(paired.test()).isEqualTo(PairedDifference.Test.BOOTSTRAP);
    assertThat(paired.pValue()).isCloseTo(2 / 501.0, within(1e-12));
    assertThat(comparison.metrics().get(0).change()).isEqualTo(Change.BETTER);
    assertThat(EvaluationJson.of(comparison)).contains("\"test\":\"bootstrap\"");
    // Beside a second benchmark its p-value is adjusted as any other.
    EvaluationComparison two =
        EvaluationComparison.of(
            List.of(before, outcome("c", "old", Direction.HIGHER, constant(12, 0))),
            List.of(after, outcome("c", "new", Direction.HIGHER, constant(12, 0))),
            0.05,
            0,
            500);
    assertThat(two.metrics().get(0).paired().orElseThrow().adjustedPValue())
        .isCloseTo(4 / 501.0, within(1e-12));
    assertThat(EvaluationComparison.of(List.of(before), List.of(before)).worse()).isEmpty();
    assertThatThrownBy(() -> before.of(new TinyBenchmark("tiny", 6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be 'b' in version 1 but was 'tiny'");
  }

  private static BenchmarkOutcome squared(String model, LoadedBenchmark by, double[] scores) {
    BenchmarkOutcome plain = outcome("b", model, Direction.HIGHER, scores);
    Estimate estimate = by.estimate(plain.samples()).get("m");
    return outcome("b", model, Direction.HIGHER, plain.samples(), estimate).of(by);
  }

  @Test
  void metricOfWhichNoValueIsBetterIsComparedAndNeverHeldBack() {
    EvaluationComparison longer =
        EvaluationComparison.of(
            List.of(outcome("b", "old", Direction.NEUTRAL, constant(12, 0))),
            List.of(outcome("b", "new", Direction.NEUTRAL, constant(12, 1))));
    assertThat(longer.metrics().get(0).change()).isEqualTo(Change.CHANGED);
    assertThat(longer.worse()).isEmpty();
    assertThat(longer.exitCode()).isEqualTo(EvaluationComparison.EXIT_PASSED);
    assertThat(EvaluationJson.of(longer)).contains("\"direction\":\"neutral\"");
    List<BenchmarkOutcome> both = new ArrayList<>();
    both.add(outcome("b", "old", Direction.NEUTRAL, constant(12, 0)));
    both.add(outcome("b", "new", Direction.NEUTRAL, constant(12, 1)));
    EvaluationRun run =
        new EvaluationRun(
            new org.alignment4j.api.evaluation.EvaluationReport(
                both.stream().map(BenchmarkOutcome::result).toList(),
                new TinyBenchmark("tiny", 2).provenance()),
            both,
            0,
            java.time.Duration.ZERO);
    assertThat(
            org.alignment4j.eval.gate.Gates.of(org.alignment4j.eval.gate.Gate.notWorseThan("old"))
                .check(run)
                .results())
        .isEmpty();
  }

  @Test
  void markdownOfManyMetricsShowsWhatChangedFirst() {
    List<BenchmarkOutcome> before = new ArrayList<>();
    List<BenchmarkOutcome> after = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      before.add(outcome("b" + i, "old", Direction.HIGHER, constant(60, 1)));
      after.add(outcome("b" + i, "new", Direction.HIGHER, constant(60, i == 7 ? 0 : 1)));
    }
    String text = EvaluationMarkdown.of(EvaluationComparison.of(before, after));
    String[] sides = text.split("<details><summary>all 21 figures</summary>\n\n");
    assertThat(sides).hasSize(2);
    assertThat(sides[0].lines().filter(line -> line.startsWith("| b"))).hasSize(2);
    assertThat(sides[0]).contains("| b7 |").contains("worse");
    assertThat(sides[1].lines().filter(line -> line.startsWith("| b"))).hasSize(22);
  }

  @Test
  void outcomesOfARunHaveTheirBenchmark() {
    TinyBenchmark tiny = new TinyBenchmark("tiny", 6);
    BenchmarkOutcome outcome =
        Evaluation.of(tiny).model(new ScriptedModel("m", q -> "no")).run().outcome("tiny", "m");
    assertThat(outcome.benchmark()).hasValueSatisfying(b -> assertThat(b.name()).isEqualTo("tiny"));
  }

  @Test
  void largeChangesOfSuchFiguresAreToldByTheirIntervals() {
    BenchmarkOutcome plain = outcome("b", "old", Direction.HIGHER, 0, 1, 1, 1);
    BenchmarkOutcome high =
        outcome("b", "old", Direction.HIGHER, plain.samples(), Estimates.proportion(95, 100));
    BenchmarkOutcome low =
        outcome("b", "new", Direction.HIGHER, plain.samples(), Estimates.proportion(9, 100));
    EvaluationComparison comparison = EvaluationComparison.of(List.of(high), List.of(low));
    assertThat(comparison.metrics().get(0).paired()).isEmpty();
    assertThat(comparison.metrics().get(0).change()).isEqualTo(Change.WORSE);
    assertThat(comparison.exitCode()).isEqualTo(EvaluationComparison.EXIT_WORSE);
    assertThat(EvaluationComparison.of(List.of(low), List.of(high)).metrics().get(0).change())
        .isEqualTo(Change.BETTER);
  }

  @Test
  void figuresOfOtherScorersAreNotCompared() {
    BenchmarkOutcome before = outcome("b", "old", Direction.HIGHER, 0, 1, 1, 1);
    BenchmarkOutcome after =
        new BenchmarkOutcome(
            before.result(),
            new RunKey(
                "b",
                "1",
                before.key().data(),
                "new",
                Map.of("option scorer", "judge B", "parameter system", "other"),
                OptionalLong.empty(),
                OptionalLong.empty()),
            before.samples(),
            0,
            0,
            Optional.empty());
    assertThatThrownBy(() -> EvaluationComparison.of(List.of(before), List.of(after)))
        .hasMessageContaining("option scorer")
        .hasMessageContaining("judge B");
  }

  @Test
  void incompleteRunsDoNotPassTheGate() {
    BenchmarkOutcome whole = outcome("b", "old", Direction.HIGHER, 0, 1, 1, 1);
    BenchmarkOutcome part =
        new BenchmarkOutcome(
            whole.result(), key("b", "new", "1", "data"), whole.samples(), 0, 3, Optional.empty());
    assertThat(EvaluationComparison.of(List.of(whole), List.of(part)).exitCode())
        .isEqualTo(EvaluationComparison.EXIT_INCOMPLETE);
  }

  @Test
  void otherVersionsOtherDataAndSeveralModelsAreRefused() {
    BenchmarkOutcome one = outcome("b", "old", Direction.HIGHER, 0, 1);
    assertThatThrownBy(() -> EvaluationComparison.of(List.of(one), List.of(at(one, "2", "data"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one version of a benchmark only but 'b' was run on 1 and 2");
    assertThatThrownBy(() -> EvaluationComparison.of(List.of(one), List.of(at(one, "1", "new"))))
        .hasMessageContaining("one data of a benchmark only")
        .hasMessageContaining(ContentHash.of("new").hex());
    assertThatThrownBy(
            () ->
                EvaluationComparison.of(
                    List.of(one, outcome("c", "new", Direction.HIGHER, 1)), List.of(one)))
        .hasMessageContaining("before must hold the outcomes of one model")
        .hasMessageContaining("[old, new]");
    assertThatThrownBy(() -> EvaluationComparison.of(List.of(one), List.of(one), 1.5, 0))
        .hasMessageContaining("alpha must be in (0, 1) but was 1.5");
  }

  private static BenchmarkOutcome at(BenchmarkOutcome outcome, String version, String data) {
    return new BenchmarkOutcome(
        outcome.result(),
        key("b", "old", version, data),
        outcome.samples(),
        0,
        0,
        Optional.empty());
  }

  @Test
  void benchmarksOfOneAloneAreNamed() {
    EvaluationComparison comparison =
        EvaluationComparison.of(
            List.of(
                outcome("b", "old", Direction.HIGHER, 0, 1),
                outcome("c", "old", Direction.HIGHER, 0)),
            List.of(
                outcome("d", "new", Direction.HIGHER, 0),
                outcome("b", "new", Direction.HIGHER, 0, 1)));
    assertThat(comparison.onlyOne()).containsExactly("c", "d");
    assertThat(comparison.metrics()).extracting(MetricComparison::benchmark).containsExactly("b");
    assertThat(EvaluationMarkdown.of(comparison))
        .startsWith("From `old` to `new`\n\n| benchmark | metric |")
        .contains("Run on one of them only: c, d.")
        .contains("not significant");
    assertThat(EvaluationJson.of(comparison))
        .contains("\"format\":\"alignment4j-comparison\"")
        .contains("\"change\":\"not_significant\"")
        .contains("\"exit_code\":2");
  }

  /** Shared samples do not differ at all; the second model's own ones make its figure higher. */
  @Test
  void figuresOverOtherSamplesAreNotTestedOnTheSharedOnes() {
    List<SampleResult> first = new ArrayList<>();
    List<SampleResult> second = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      Score shared = new Score.Scored(1);
      Score one = i % 2 == 0 ? shared : new Score.Scored(0);
      String applies = i % 2 == 0 ? "m" : "abstained";
      first.add(new SampleResult("s" + i, "c" + i, Map.of("m", one), Map.of()));
      second.add(new SampleResult("s" + i, "c" + i, Map.of(applies, shared), Map.of()));
    }
    LoadedBenchmark benchmark =
        new LoadedBenchmark(
            "b",
            "1",
            List.of(Sample.open("s", Prompt.text("p"), List.of())),
            new LoadedBenchmark.Method(
                List.of(Metric.of("m", "", Direction.HIGHER)),
                Generation.once(SamplingOptions.greedy(1)),
                (sample, answer, cancellation) -> Map.of(),
                results -> Map.of("m", Estimates.mean(values(results)))),
            List.of(),
            Map.of());
    BenchmarkOutcome old =
        outcome("b", "old", Direction.HIGHER, first, Estimates.mean(values(first))).of(benchmark);
    BenchmarkOutcome candidate =
        outcome("b", "new", Direction.HIGHER, second, Estimates.mean(values(second))).of(benchmark);
    PairedDifference paired =
        EvaluationComparison.of(List.of(old), List.of(candidate))
            .metrics()
            .get(0)
            .paired()
            .orElseThrow();
    assertThat(paired.test()).isEqualTo(PairedDifference.Test.BOOTSTRAP);
    assertThat(paired.difference().value()).isEqualTo(0.5);
    assertThat(paired.pValue()).isLessThan(0.01);
  }

  private static double[] values(List<SampleResult> results) {
    return results.stream()
        .flatMap(r -> Optional.ofNullable(r.scores().get("m")).stream())
        .mapToDouble(score -> ((Score.Scored) score).value())
        .toArray();
  }

  private static Change acrossFifty(double before, double after, double half, double pValue) {
    Estimate first =
        new Estimate(before, half / 2, before - half, before + half, 0.95, 99, 99, 0, 0);
    Estimate second = new Estimate(after, half / 2, after - half, after + half, 0.95, 99, 99, 0, 0);
    PairedDifference paired =
        new PairedDifference(
            before,
            after,
            new Estimate(after - before, 1, -99, 99, 0.95, 99, 99, 0, 0),
            PairedDifference.Test.BOOTSTRAP,
            pValue,
            pValue,
            1,
            0);
    return new MetricComparison(
            "b", Metric.of("ss", "", Direction.ideal(50)), first, second, Optional.of(paired), 0.05)
        .change();
  }

  /** 42.7 and 57.7 differ, but not in how far they are from 50. */
  @Test
  void otherSideOfTheIdealIsWorseOnlyWhereItIsFarther() {
    assertThat(acrossFifty(42.7, 57.7, 3, 0.001)).isEqualTo(Change.CHANGED);
    assertThat(acrossFifty(42.7, 57.7, 3, 0.5)).isEqualTo(Change.NOT_SIGNIFICANT);
    assertThat(acrossFifty(45, 80, 3, 0.001)).isEqualTo(Change.WORSE);
    assertThat(acrossFifty(20, 55, 3, 0.001)).isEqualTo(Change.BETTER);
    assertThat(acrossFifty(55, 65, 3, 0.001)).isEqualTo(Change.WORSE);
    assertThat(acrossFifty(45, 35, 3, 0.001)).isEqualTo(Change.WORSE);
  }

  /** Twice the least p-value, times as many tests, must still be significant. */
  @Test
  void resamplesGrowWithTheNumberOfTests() {
    assertThat(EvaluationComparison.resamples(10, 0.05)).isEqualTo(4000);
    for (int tests : new int[] {51, 101, 1000}) {
      int resamples = EvaluationComparison.resamples(tests, 0.05);
      assertThat(tests * 2.0 / (resamples + 1)).isBetween(0.0249, 0.025);
    }
    assertThat(EvaluationComparison.resamples(1_000_000, 1e-6)).isEqualTo(1_000_000);
  }
}
