package org.alignment4j.eval.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationComparison;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.RunComparisons;
import org.alignment4j.eval.ScriptedModel;
import org.alignment4j.eval.TinyBenchmark;
import org.alignment4j.eval.gate.GateResult.Outcome;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Metric UP = Metric.of("up", "fraction", Direction.HIGHER).withChance(0.25);
  private static final Metric DOWN = Metric.of("down", "fraction", Direction.LOWER).withChance(0.5);
  private static final Metric MIDDLE = Metric.of("middle", "%", Direction.ideal(50));
  private static final String TINY = "tiny";

  private static Estimate estimate(double low, double value, double high) {
    return new Estimate(value, (high - low) / 4, low, high, 0.95, 100, 100, 0, 0);
  }

  private static Verdict verdict(Condition.OfFigure c, Metric metric, Estimate e) {
    return FigureRule.decide(c, metric, e, false).verdict();
  }

  @Test
  void wholeIntervalDecides() {
    Condition.AtLeast least = new Condition.AtLeast(0.5);
    assertThat(verdict(least, UP, estimate(0.5, 0.6, 0.7))).isEqualTo(Verdict.PASSED);
    assertThat(verdict(least, UP, estimate(0.49, 0.6, 0.7))).isEqualTo(Verdict.UNDECIDED);
    assertThat(verdict(least, UP, estimate(0.3, 0.4, 0.49))).isEqualTo(Verdict.FAILED);
    Condition.AtMost most = new Condition.AtMost(0.5);
    assertThat(verdict(most, DOWN, estimate(0.3, 0.4, 0.5))).isEqualTo(Verdict.PASSED);
    assertThat(verdict(most, DOWN, estimate(0.3, 0.4, 0.51))).isEqualTo(Verdict.UNDECIDED);
    assertThat(verdict(most, DOWN, estimate(0.51, 0.6, 0.7))).isEqualTo(Verdict.FAILED);
  }

  @Test
  void figureNearTheIdealIsDecidedOnBothSides() {
    Condition.NearIdeal near = new Condition.NearIdeal(5);
    assertThat(verdict(near, MIDDLE, estimate(46, 50, 55))).isEqualTo(Verdict.PASSED);
    assertThat(verdict(near, MIDDLE, estimate(46, 50, 55.1))).isEqualTo(Verdict.UNDECIDED);
    assertThat(verdict(near, MIDDLE, estimate(56, 60, 64))).isEqualTo(Verdict.FAILED);
    assertThat(verdict(near, MIDDLE, estimate(36, 40, 44))).isEqualTo(Verdict.FAILED);
    // Both ends are too far off, and the middle of the interval is not.
    assertThat(verdict(near, MIDDLE, estimate(40, 58, 60))).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void chanceIsBeatenOnTheBetterSide() {
    Condition.BetterThanChance chance = new Condition.BetterThanChance();
    assertThat(verdict(chance, UP, estimate(0.26, 0.3, 0.4))).isEqualTo(Verdict.PASSED);
    assertThat(verdict(chance, UP, estimate(0.1, 0.2, 0.24))).isEqualTo(Verdict.FAILED);
    assertThat(verdict(chance, DOWN, estimate(0.1, 0.2, 0.4))).isEqualTo(Verdict.PASSED);
    assertThat(verdict(chance, DOWN, estimate(0.1, 0.5, 0.6))).isEqualTo(Verdict.UNDECIDED);
    Estimate guessing = estimate(0.2, 0.25, 0.3);
    assertThat(FigureRule.decide(chance, UP, guessing, true).verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void sampleSizeThatWouldTellIsNamed() {
    // A half-width of 0.1 that must shrink to 0.05 takes four times the samples.
    String reason =
        FigureRule.decide(new Condition.AtLeast(0.55), UP, estimate(0.5, 0.6, 0.7), false).reason();
    assertThat(reason).contains("about 400 samples");
  }

  @Test
  void nothingObservedAndUnknownIntervalTellNothing() {
    Estimate none = new Estimate(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0.95, 0, 0, 3, 0);
    Estimate one = new Estimate(0.9, Double.NaN, Double.NaN, Double.NaN, 0.95, 1, 1, 0, 0);
    Condition.AtLeast least = new Condition.AtLeast(0.5);
    assertThat(verdict(least, UP, none)).isEqualTo(Verdict.UNDECIDED);
    assertThat(verdict(least, UP, one)).isEqualTo(Verdict.UNDECIDED);
    assertThat(FigureRule.decide(least, UP, one, true).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(FigureRule.decide(least, UP, none, true).verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  private static EvaluationRun run(ScriptedModel... models) {
    return Evaluation.of(new TinyBenchmark(TINY, 60)).model(models).run();
  }

  private static ScriptedModel mostlyRight(String id) {
    return new ScriptedModel(id, ScriptedModel::mostlyRight);
  }

  private static ScriptedModel wrong(String id) {
    return new ScriptedModel(id, q -> "no");
  }

  @Test
  void gatesOfARunGiveAnExitCodeAndATable() {
    EvaluationRun run = run(mostlyRight("good"), wrong("bad"));
    GateReport report = Gates.of(Gate.atLeast(TINY, "accuracy", 0.5)).check(run);
    assertThat(report.results()).extracting(GateResult::model).containsExactly("good", "bad");
    assertThat(report.results())
        .extracting(GateResult::verdict)
        .containsExactly(Verdict.PASSED, Verdict.FAILED);
    assertThat(report.exitCode()).isEqualTo(GateReport.EXIT_FAILED);
    assertThat(report.markdown()).contains("tiny accuracy of good ≥ 0.5 | passed");
    assertThat(Gates.of(Gate.atLeast(TINY, "accuracy", 0.66)).check(run(mostlyRight("m"))))
        .extracting(GateReport::exitCode)
        .isEqualTo(GateReport.EXIT_UNDECIDED);
    Gate byValue = Gate.atLeast(TINY, "accuracy", 0.66).whenUndecided(Undecided.BY_VALUE);
    assertThat(Gates.of(byValue).check(run(mostlyRight("m"))).open()).isTrue();
    Gate skipped = Gate.atLeast(TINY, "accuracy", 0.66).whenUndecided(Undecided.SKIP);
    assertThat(Gates.of(skipped).check(run(mostlyRight("m"))).results().get(0).outcome())
        .isEqualTo(Outcome.SKIPPED);
  }

  @Test
  void worseModelIsHeldBackAndTheOtherOneNotComparedWithItself() {
    EvaluationRun run = run(mostlyRight("now"), wrong("new"), mostlyRight("same"));
    GateReport report = Gates.of(Gate.notWorseThan("now")).check(run);
    assertThat(report.results()).extracting(GateResult::model).containsExactly("new", "same");
    assertThat(report.results())
        .extracting(GateResult::verdict)
        .containsExactly(Verdict.FAILED, Verdict.PASSED);
  }

  @Test
  void unchangedScoresProveAsMuchAsTheirNumber() {
    // None of 30 clusters differs: up to 1 - 0.025^(1/30) = 0.116 of all may.
    EvaluationRun run = run(mostlyRight("now"), mostlyRight("same"));
    assertThat(Gates.of(Gate.notWorseThan("now", TINY, "accuracy", 0.115)).check(run).open())
        .isFalse();
    assertThat(Gates.of(Gate.notWorseThan("now", TINY, "accuracy", 0.117)).check(run).open())
        .isTrue();
  }

  @Test
  void marginMustBeShownByTheInterval() {
    // Wrong on one question more in sixty: not significant, and not shown to be within 0.01.
    ScriptedModel slightly =
        new ScriptedModel("new", q -> q.equals("q1") ? "no" : ScriptedModel.mostlyRight(q));
    EvaluationRun run = run(mostlyRight("now"), slightly);
    Gate tight = Gate.notWorseThan("now", TINY, "accuracy", 0.01);
    Gate loose = Gate.notWorseThan("now", TINY, "accuracy", 0.2);
    assertThat(Gates.of(tight).check(run).results().get(0).verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(Gates.of(loose).check(run).results().get(0).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(Gates.of(Gate.notWorseThan("now")).check(run).open()).isTrue();
  }

  @Test
  void lostSamplesKeepTheGateClosedWhateverTheFigure() {
    ScriptedModel silent =
        new ScriptedModel("m", q -> ScriptedModel.number(q) % 10 == 0 ? "dunno" : "yes");
    EvaluationRun run = run(silent);
    Gate gate = Gate.atLeast(TINY, "accuracy", 0.5);
    GateResult result = Gates.of(gate).check(run).results().get(0);
    assertThat(result.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(result.reason()).contains("6 without verdict").contains("of 60");
    assertThat(Gates.of(gate.withLost(0.2)).check(run).open()).isTrue();
    Gate byValue = gate.whenUndecided(Undecided.BY_VALUE);
    assertThat(Gates.of(byValue).check(run).open()).isFalse();
  }

  @Test
  void wrongNamesAreToldBeforeAnythingIsRun() {
    ScriptedModel model = mostlyRight("m");
    Evaluation evaluation = Evaluation.of(new TinyBenchmark(TINY, 6)).model(model);
    assertThatThrownBy(() -> Gates.of(Gate.atLeast("tinny", "a", 1)).require(evaluation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'tinny'")
        .hasMessageContaining("[tiny]");
    assertThatThrownBy(() -> Gates.of(Gate.atLeast(TINY, "mc1", 1)).require(evaluation))
        .hasMessageContaining("'mc1'")
        .hasMessageContaining("[accuracy]");
    assertThatThrownBy(() -> Gates.of(Gate.atMost(TINY, "accuracy", 1)).require(evaluation))
        .hasMessageContaining("use atLeast");
    assertThatThrownBy(() -> Gates.of(Gate.nearIdeal(TINY, "accuracy", 1)).require(evaluation))
        .hasMessageContaining("best value lies in between");
    assertThatThrownBy(() -> Gates.of(Gate.notWorseThan("other")).require(evaluation))
        .hasMessageContaining("'other'")
        .hasMessageContaining("[m]");
    assertThatThrownBy(() -> Gates.of(Gate.notWorseThan("m")).require(evaluation))
        .hasMessageContaining("no other");
    assertThatThrownBy(() -> Gates.of(List.of())).hasMessageContaining("must not be empty");
    assertThat(model.calls()).isZero();
  }

  @Test
  void conditionsRefuseWhatHasNoMeaning() {
    assertThatThrownBy(() -> new Condition.AtLeast(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Condition.NearIdeal(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new Condition.NotWorseThan("m", -0.1)).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> Gate.atLeast(TINY, "", 0.5)).hasMessageContaining("metric");
    assertThatThrownBy(() -> Gate.atLeast("", "accuracy", 0.5)).hasMessageContaining("benchmark");
    Metric without = new Metric("m", "", Direction.HIGHER, OptionalDouble.empty(), "");
    assertThatThrownBy(() -> new Condition.BetterThanChance().requireFor(without))
        .hasMessageContaining("has none");
  }

  /** A ratio, whose difference only a bootstrap can test; counts how often it is computed. */
  private static LoadedBenchmark ratios(AtomicInteger computed) {
    List<Sample> samples =
        IntStream.range(0, 20)
            .mapToObj(i -> Sample.open("s" + i, Prompt.text("q" + i), List.of("yes")))
            .toList();
    List<String> names = List.of("ratio", "inverse");
    Function<List<SampleResult>, Map<String, Estimate>> estimator =
        results -> {
          computed.incrementAndGet();
          double sum = MetricScores.of(results, "score").mean().value();
          double none = Double.NaN;
          int n = results.size();
          return Map.of(
              "ratio",
              new Estimate(sum / (1 + sum), none, none, none, 0.95, n, n, 0, 0),
              "inverse",
              new Estimate(1 / (1 + sum), none, none, none, 0.95, n, n, 0, 0));
        };
    return new LoadedBenchmark(
            "ratios",
            "1",
            samples,
            new LoadedBenchmark.Method(
                names.stream().map(n -> Metric.of(n, "", Direction.HIGHER)).toList(),
                Generation.once(SamplingOptions.greedy(1)),
                (sample, answer, cancellation) ->
                    Map.of(
                        "score",
                        new Score.Scored(
                            answer.completions().get(0).text().equals("yes") ? 1 : 0.5)),
                estimator),
            List.of(),
            Map.of())
        .withOtherScores(Set.of("score"));
  }

  @Test
  void gatesOnOnePairOfModelsCompareItOnce() {
    AtomicInteger computed = new AtomicInteger();
    EvaluationRun run =
        Evaluation.of(ratios(computed)).model(mostlyRight("now"), mostlyRight("new")).run();
    Gate one = Gate.notWorseThan("now", "ratios", "ratio", 0.5);
    computed.set(0);
    GateReport alone = Gates.of(one).check(run);
    int once = computed.get();
    assertThat(once).isGreaterThan(EvaluationComparison.RESAMPLES);
    Gate other = Gate.notWorseThan("now", "ratios", "inverse", 0.5);
    computed.set(0);
    GateReport all = Gates.of(one, other, one.withLost(0.5), Gate.notWorseThan("now")).check(run);
    assertThat(computed).hasValue(once);
    assertThat(all.results().get(0)).isEqualTo(alone.results().get(0));
    computed.set(0);
    RunComparisons shared = RunComparisons.of(run, Gates.ALPHA, 0);
    assertThat(Gates.of(one).check(shared).results()).isEqualTo(alone.results());
    assertThat(Gates.of(other).check(shared).results()).hasSize(1);
    assertThat(computed).hasValue(once);
  }

  /** What is shared is adjusted for the metrics of the benchmarks that are asked for. */
  @Test
  void sharedComparisonsAreThoseOfTheirBenchmarksTogether() {
    EvaluationRun run =
        Evaluation.of(new TinyBenchmark("a", 30), new TinyBenchmark("b", 30))
            .model(
                mostlyRight("now"),
                new ScriptedModel("new", q -> ScriptedModel.number(q) % 4 == 0 ? "no" : "yes"))
            .run();
    RunComparisons shared = RunComparisons.of(run, 0.05, 0);
    for (List<String> names : List.of(List.of("a", "b"), List.of("b"), List.of("a", "b"))) {
      assertThat(shared.between("now", "new", names))
          .isEqualTo(
              EvaluationComparison.of(
                  names.stream().map(b -> run.outcome(b, "now")).toList(),
                  names.stream().map(b -> run.outcome(b, "new")).toList(),
                  0.05,
                  0));
    }
    assertThatThrownBy(() -> shared.between("now", "new", List.of()))
        .hasMessageContaining("benchmarks must not be empty");
    assertThatThrownBy(() -> RunComparisons.of(run, 1, 0)).hasMessageContaining("but was 1.0");
  }

  @Test
  void theWorseEndOfAnIntervalDecidesOfAMargin() {
    Condition.NotWorseThan margin = new Condition.NotWorseThan("m", 0.1);
    Estimate down = estimate(-0.15, 0, 0.05);
    Estimate up = estimate(-0.05, 0, 0.15);
    assertThat(margin.within(Direction.HIGHER, 0.5, down)).isFalse();
    assertThat(margin.within(Direction.HIGHER, 0.5, up)).isTrue();
    assertThat(margin.within(Direction.LOWER, 0.5, down)).isTrue();
    assertThat(margin.within(Direction.LOWER, 0.5, up)).isFalse();
    Direction ideal = Direction.ideal(0.5);
    assertThat(margin.within(ideal, 0.7, down)).isTrue();
    assertThat(margin.within(ideal, 0.7, up)).isFalse();
    assertThat(margin.within(ideal, 0.3, down)).isFalse();
    assertThat(margin.within(ideal, 0.3, up)).isTrue();
    assertThat(margin.within(ideal, 0.5, down)).isFalse();
    assertThat(margin.within(ideal, 0.5, up)).isFalse();
  }

  @Test
  void boundsBelowTheRangeAreOfAnotherUnit() {
    assertThatThrownBy(() -> new Condition.AtLeast(-0.01).requireFor(UP))
        .hasMessageContaining("atLeast must be from 0 to 1 for 'up'")
        .hasMessageContaining("but was -0.01");
    assertThatThrownBy(() -> new Condition.AtMost(-0.01).requireFor(DOWN))
        .hasMessageContaining("atMost must be from 0 to 1");
    new Condition.AtLeast(0).requireFor(UP);
    new Condition.AtMost(1).requireFor(DOWN);
  }

  /** The first model is asked all of 60 questions, the second one half of them. */
  @Test
  void samplesThatWereNotRunKeepTheGateClosed() {
    EvaluationRun run =
        Evaluation.of(new TinyBenchmark(TINY, 60))
            .model(mostlyRight("now"), mostlyRight("new"))
            .batchSize(10)
            .budget(Budget.UNLIMITED.withCalls(90))
            .run();
    assertThat(run.outcome(TINY, "new").missing()).isEqualTo(30);
    Gate gate = Gate.atLeast(TINY, "accuracy", 0.3);
    List<GateResult> results = Gates.of(gate).check(run).results();
    assertThat(results)
        .extracting(GateResult::verdict)
        .containsExactly(Verdict.PASSED, Verdict.UNDECIDED);
    assertThat(results.get(1).reason()).contains("of new lack").contains("30 not run, of 60");
    assertThat(Gates.of(gate.withLost(0.49)).check(run).open()).isFalse();
    assertThat(Gates.of(gate.withLost(0.5)).check(run).open()).isTrue();
    for (String other : List.of("now", "new")) {
      Gate compared = Gate.notWorseThan(other, TINY, "accuracy", 0.4);
      GateResult result = Gates.of(compared).check(run).results().get(0);
      assertThat(result.verdict()).isEqualTo(Verdict.UNDECIDED);
      assertThat(result.reason()).contains("of new lack").contains("30 not run");
      assertThat(Gates.of(compared.withLost(0.5)).check(run).results().get(0).reason())
          .doesNotContain("lack")
          .contains("differs");
    }
  }
}
