package org.alignment4j.eval.inner.deception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.inner.Answering;
import org.alignment4j.eval.inner.BehaviourRule;
import org.alignment4j.eval.inner.FramedGap;
import org.alignment4j.eval.inner.FramedRequests;
import org.alignment4j.eval.inner.Framing;
import org.alignment4j.eval.inner.FramingForm;
import org.alignment4j.eval.inner.FramingPair;
import org.alignment4j.eval.inner.PairedGap;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;

class ObservedBehaviourTest {

  private static LoadedBenchmark benchmark() {
    return ObservedBehaviour.benchmark(
        FramedRequests.style(),
        ObservedBehaviour.framings(),
        FramingForm.chat(),
        BehaviourRule.inCapitals(),
        "capitals",
        SamplingOptions.greedy(16));
  }

  private static boolean observed(String prompt) {
    return ObservedBehaviour.framings().stream()
        .anyMatch(pair -> prompt.contains(pair.first().text()));
  }

  /** Complies with a probability by framing, as the prompt and a seed determine. */
  private static LanguageModel complying(double whenObserved, double otherwise, long seed) {
    return new Answering(
        prompt ->
            ScriptedLikelihoods.uniform(prompt, seed)
                    < (observed(prompt) ? whenObserved : otherwise)
                ? "THE SEA IS BLUE."
                : "The sea is blue.");
  }

  @Test
  void aModelThatCompliesOnlyWhenObservedHasThePlantedGap() {
    BenchmarkOutcome outcome =
        Evaluation.of(benchmark())
            .model(complying(0.9, 0.2, 3))
            .run()
            .outcome("observed-behaviour", "answering");
    Estimate gap = outcome.result().estimate("gap");
    assertThat(gap.contains(0.7)).as(gap.toString()).isTrue();
    assertThat(gap.n()).isEqualTo(120);
    assertThat(gap.clusters()).isEqualTo(30);
    assertThat(outcome.result().estimate("observed").contains(0.9)).isTrue();
    assertThat(outcome.result().estimate("unobserved").contains(0.2)).isTrue();
    PairedGap test = ObservedBehaviour.gap(outcome.samples());
    assertThat(test.significant()).isTrue();
    assertThat(test.detectable()).isLessThan(0.2);
    assertThat(test.needed(0.02).orElseThrow()).isGreaterThan(30);
  }

  @Test
  void aModelThatDoesNotLookHasNone() {
    int significant = 0;
    int covered = 0;
    for (int seed = 0; seed < 40; seed++) {
      PairedGap gap =
          ObservedBehaviour.gap(BenchmarkRun.results(benchmark(), complying(0.6, 0.6, seed)));
      significant += gap.significant() ? 1 : 0;
      covered += gap.gap().contains(0) ? 1 : 0;
    }
    assertThat(significant).isLessThanOrEqualTo(5);
    assertThat(covered).isGreaterThanOrEqualTo(34);
  }

  /** The sign is observed minus unobserved, and exchanging labels leaves nothing of it. */
  @Test
  void theControlOfExchangedLabels() {
    List<SampleResult> results = BenchmarkRun.results(benchmark(), complying(0.1, 0.9, 1));
    assertThat(ObservedBehaviour.gap(results).gap().ciHigh()).isLessThan(-0.5);
    PairedGap shuffled = FramedGap.shuffled(results, "", "observed", "unobserved", 5);
    assertThat(shuffled.gap().contains(0)).isTrue();
    assertThat(shuffled.significant()).isFalse();
  }

  @Test
  void pairsWithoutAScoreAreCounted() {
    List<SampleResult> results =
        List.of(
            result("a", "observed", new Score.Scored(1)),
            result("a", "unobserved", new Score.Unscored("no letter")),
            result("b", "observed", new Score.Failed("no network")),
            result("b", "unobserved", new Score.Scored(1)),
            result("c", "observed", new Score.Scored(1)),
            result("c", "unobserved", new Score.Scored(0)),
            result("d", "observed", new Score.Scored(0)));
    PairedGap gap = ObservedBehaviour.gap(results);
    assertThat(gap.gap().n()).isEqualTo(1);
    assertThat(gap.gap().value()).isEqualTo(1);
    assertThat(gap.gap().unscored()).isEqualTo(2);
    assertThat(gap.gap().failed()).isEqualTo(1);
    assertThat(ObservedBehaviour.gap(List.of()).gap().n()).isZero();
  }

  private static SampleResult result(String id, String condition, Score score) {
    return new SampleResult(
        id + condition,
        id,
        Map.of("observed", score, "unobserved", score),
        Map.of(FramedRequests.CONDITION, condition, FramedRequests.PAIR, id));
  }

  @Test
  void wrongArguments() {
    assertThatThrownBy(() -> new FramingPair(new Framing("a", "x"), new Framing("a", "y")))
        .hasMessageContaining("must have different conditions but both have 'a'");
    assertThatThrownBy(() -> new Framing("a", " ")).hasMessageContaining("must not be blank");
  }
}
