package org.alignment4j.eval.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.ReadReport;
import org.junit.jupiter.api.Test;

class MetricScoresTest {

  private static SampleResult result(String id, String cluster, Score score) {
    return new SampleResult(id, cluster, Map.of("m", score), Map.of());
  }

  private static final List<SampleResult> RESULTS =
      List.of(
          result("1", "a", new Score.Scored(1)),
          result("2", "b", new Score.Scored(0)),
          result("3", "a", new Score.Scored(1)),
          result("4", "b", new Score.Unscored("no verdict")),
          result("5", "c", new Score.Failed("refused")),
          new SampleResult("6", "d", Map.of("other", new Score.Scored(1)), Map.of()));

  @Test
  void failuresAreCountedAndNeverValues() {
    MetricScores scores = MetricScores.of(RESULTS, "m");
    assertThat(scores.values()).containsExactly(1, 0, 1);
    assertThat(scores.clusters()).containsExactly(0, 1, 0);
    Estimate share = scores.proportion();
    assertThat(share.value()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(share.n()).isEqualTo(3);
    assertThat(share.clusters()).isEqualTo(2);
    assertThat(share.unscored()).isEqualTo(1);
    assertThat(share.failed()).isEqualTo(1);
    assertThat(scores.mean().value()).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void nothingScoredIsNotZero() {
    Estimate none = MetricScores.of(RESULTS.subList(3, 6), "m").proportion();
    assertThat(none.value()).isNaN();
    assertThat(none.n()).isZero();
    assertThat(none.failed()).isEqualTo(1);
  }

  @Test
  void onlySamplesAskedForCount() {
    MetricScores one = MetricScores.of(RESULTS, "m", result -> result.cluster().equals("b"));
    assertThat(one.values()).containsExactly(0);
    assertThat(one.proportion().failed()).isZero();
  }

  @Test
  void aMissingClusterIsAnError() {
    List<SampleResult> results = List.of(result("7", " ", new Score.Scored(1)));
    assertThatThrownBy(() -> MetricScores.of(results, "m").mean())
        .hasMessageContaining("must name its cluster")
        .hasMessageContaining("'7'");
  }

  @Test
  void benchmarksHaveSamplesOfDifferentIds() {
    LoadedBenchmark.Method method =
        new LoadedBenchmark.Method(
            List.of(),
            ChoiceLikelihood.afterSpace(),
            new ChoiceAccuracy(),
            results -> Map.of("acc", MetricScores.of(results, "acc").proportion()));
    Sample sample = Sample.choice("a", Prompt.text("p"), List.of("x"), List.of());
    assertThatThrownBy(
            () ->
                new LoadedBenchmark("b", "1", List.of(sample, sample), method, List.of(), Map.of()))
        .hasMessage("b must have ids that differ but 'a' occurs twice");
    assertThatThrownBy(() -> new LoadedBenchmark("b", "1", List.of(), method, List.of(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("b must have at least one sample but has none");
    ReadReport empty = new ReadReport("f.csv", Optional.empty(), 0, Map.of(), List.of());
    assertThatThrownBy(
            () -> new LoadedBenchmark("b", "1", List.of(), method, List.of(empty), Map.of()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("see that the file is whole")
        .hasMessageContaining("f.csv");
  }

  /** Student's interval of 3 and 15 facts goes from -67 to 85. */
  @Test
  void countsHaveIntervalsOfCounts() {
    List<SampleResult> results =
        List.of(
            new SampleResult("a", "a", Map.of("facts", new Score.Scored(3)), Map.of()),
            new SampleResult("b", "b", Map.of("facts", new Score.Scored(15)), Map.of()));
    MetricScores scores = MetricScores.of(results, "facts");
    assertThat(scores.mean().ciLow()).isNegative();
    Estimate mean = scores.mean(Metric.of("facts", "facts", Direction.NEUTRAL));
    assertThat(mean.value()).isEqualTo(9);
    assertThat(mean.ciLow()).isZero();
    assertThat(mean.ciHigh()).isEqualTo(scores.mean().ciHigh());
    assertThat(mean.standardError()).isEqualTo(6);
    assertThat(scores.mean(Metric.of("facts", "nats", Direction.LOWER))).isEqualTo(scores.mean());
    assertThat(scores.mean(Metric.of("facts", "%", Direction.HIGHER)))
        .isEqualTo(scores.mean(0, 100));
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> scores.mean(4, Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3.0");
  }
}
