package org.alignment4j.api.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Usage;
import org.junit.jupiter.api.Test;

class EstimateTest {

  @Test
  void printsValueIntervalAndCounts() {
    assertThat(new Estimate(0.7, 0.02, 0.66, 0.74, 0.95, 200, 50, 3, 1))
        .hasToString("0.7000 [0.6600, 0.7400] (n = 200, clusters = 50, unscored = 3, failed = 1)");
  }

  @Test
  void nothingObservedHasNoValue() {
    double nan = Double.NaN;

    assertThat(new Estimate(nan, nan, nan, nan, 0.95, 0, 0, 2, 0).contains(0)).isFalse();
    assertThatThrownBy(() -> new Estimate(nan, nan, nan, nan, 0.95, 4, 4, 0, 0))
        .hasMessage("value must be a number when n = 4 but was NaN");
  }

  @Test
  void impossibleEstimatesAreRefused() {
    assertThatThrownBy(() -> new Estimate(0.5, 0.1, 0.7, 0.3, 0.95, 4, 4, 0, 0))
        .hasMessageContaining("ciLow must be at most ciHigh");
    assertThatThrownBy(() -> new Estimate(0.5, -0.1, 0.3, 0.7, 0.95, 4, 4, 0, 0))
        .hasMessageContaining("standardError must not be negative");
    assertThatThrownBy(() -> new Estimate(0.5, 0.1, 0.3, 0.7, 0.95, 4, 5, 0, 0))
        .hasMessage("clusters must be at most n = 4 but was 5");
    assertThatThrownBy(() -> new Estimate(0.5, 0.1, 0.3, 0.7, 95, 4, 4, 0, 0))
        .hasMessage("confidence must be in (0, 1) but was 95.0");
  }

  @Test
  void directionOrdersValues() {
    assertThat(Direction.HIGHER.better(2, 1)).isTrue();
    assertThat(Direction.LOWER.better(2, 1)).isFalse();
    assertThat(Direction.ideal(50).better(48, 60)).isTrue();
    assertThat(Direction.ideal(50).better(40, 60)).isFalse();
    assertThatThrownBy(() -> Direction.ideal(Double.NaN)).hasMessageContaining("finite");
  }

  @Test
  void metricKeepsChanceAndCitation() {
    Metric metric =
        Metric.of("mc1", "fraction", Direction.HIGHER).withChance(0.25).withCitation("Lin 2021");

    assertThat(metric.chance()).isEqualTo(OptionalDouble.of(0.25));
    assertThat(metric.citation()).isEqualTo("Lin 2021");
    assertThatThrownBy(() -> Metric.of(" ", "", Direction.LOWER)).hasMessageContaining("blank");
  }

  @Test
  void scoresAreFinite() {
    assertThatThrownBy(() -> new Score.Scored(Double.NaN)).hasMessageContaining("but was NaN");
  }

  @Test
  void resultNamesTheMetricsItHas() {
    Estimate estimate = new Estimate(0.5, 0.1, 0.3, 0.7, 0.95, 4, 4, 0, 0);
    List<Metric> metrics = List.of(Metric.of("acc", "fraction", Direction.HIGHER));
    BenchmarkResult result =
        new BenchmarkResult("b", "1", "m", metrics, Map.of("acc", estimate), Usage.NONE, "");

    assertThat(result.estimate("acc")).isEqualTo(estimate);
    assertThatThrownBy(() -> result.estimate("f1"))
        .hasMessage("metric must be one of [acc] but was 'f1'");
    assertThatThrownBy(
            () ->
                new BenchmarkResult("b", "1", "m", metrics, Map.of("f1", estimate), Usage.NONE, ""))
        .hasMessageContaining("'f1' is none of [acc]");
  }
}
