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
        .hasToString("0.700 [0.660, 0.740] (n = 200, clusters = 50, unscored = 3, failed = 1)");
  }

  private static String text(double value, double low, double high) {
    return new Estimate(value, 0.02, low, high, 0.95, 200, 200, 0, 0).toString();
  }

  @Test
  void digitsFollowTheWidthOfTheInterval() {
    assertThat(text(0.71284, 0.66191, 0.75912)).isEqualTo("0.713 [0.662, 0.759] (n = 200)");
    assertThat(text(0.5, 0.1, 0.9)).isEqualTo("0.50 [0.10, 0.90] (n = 200)");
    assertThat(text(1234.567, 1100, 1400)).isEqualTo("1235 [1100, 1400] (n = 200)");
    assertThat(text(1000.123456, 1000.1229, 1000.1241))
        .isEqualTo("1000.1235 [1000.1229, 1000.1241] (n = 200)");
    assertThat(text(-0.00001, -0.04, 0.04)).isEqualTo("0.000 [-0.040, 0.040] (n = 200)");
    assertThat(text(-0.0, -0.0, 0.0)).isEqualTo("0.000 [0.000, 0.000] (n = 200)");
    assertThat(text(1e-14, 0, 3e-14)).isEqualTo("1.000e-14 [0.000, 3.000e-14] (n = 200)");
    assertThat(text(1e300, -1e300, 1.5e300))
        .isEqualTo("1.000e+300 [-1.000e+300, 1.500e+300] (n = 200)");
  }

  @Test
  void otherLevelsAndUnknownIntervalsArePrinted() {
    double nan = Double.NaN;
    assertThat(new Estimate(0.7, 0.02, 0.66, 0.74, 0.9, 200, 200, 0, 0))
        .hasToString("0.700 [0.660, 0.740] (90 %, n = 200)");
    assertThat(new Estimate(0.7, 0.02, 0.66, 0.74, 0.999, 200, 20, 0, 0))
        .hasToString("0.700 [0.660, 0.740] (99.9 %, n = 200, clusters = 20)");
    assertThat(new Estimate(1.5, nan, nan, nan, 0.95, 1, 1, 0, 0)).hasToString("1.500 (n = 1)");
    assertThat(new Estimate(nan, nan, nan, nan, 0.95, 0, 0, 2, 0))
        .hasToString("unknown (n = 0, unscored = 2)");
  }

  @Test
  void valuesOutsideTheirIntervalInfinitiesAndNoClustersAreRefused() {
    assertThatThrownBy(() -> new Estimate(0.8, 0.1, 0.3, 0.7, 0.95, 4, 4, 0, 0))
        .hasMessage("value must be in [ciLow, ciHigh] = [0.3, 0.7] but was 0.8");
    assertThatThrownBy(() -> new Estimate(Double.NaN, 0.1, 0.3, 0.7, 0.95, 0, 0, 0, 0))
        .hasMessageContaining("value must be in [ciLow, ciHigh]");
    assertThatThrownBy(() -> new Estimate(0.5, 0.1, 0.3, 0.7, 0.95, 4, 0, 0, 0))
        .hasMessageContaining("clusters must be at least 1 when n = 4 but was 0");
    double infinity = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> new Estimate(infinity, 1, 0, 1, 0.95, 4, 4, 0, 0))
        .hasMessageContaining("value must be a finite number");
    assertThatThrownBy(() -> new Estimate(1, infinity, 0, 1, 0.95, 4, 4, 0, 0))
        .hasMessageContaining("standardError must be a finite number");
    assertThatThrownBy(() -> new Estimate(1, 1, -infinity, 1, 0.95, 4, 4, 0, 0))
        .hasMessageContaining("ciLow must be a finite number");
    assertThatThrownBy(() -> new Estimate(1, 1, 0, infinity, 0.95, 4, 4, 0, 0))
        .hasMessageContaining("ciHigh must be a finite number");
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
        new BenchmarkResult("b", "1", "d", "m", metrics, Map.of("acc", estimate), Usage.NONE, "");

    assertThat(result.estimate("acc")).isEqualTo(estimate);
    assertThatThrownBy(() -> result.estimate("f1"))
        .hasMessage("metric must be one of [acc] but was 'f1'");
    assertThatThrownBy(
            () ->
                new BenchmarkResult(
                    "b", "1", "d", "m", metrics, Map.of("f1", estimate), Usage.NONE, ""))
        .hasMessageContaining("'f1' is none of [acc]");
  }

  @Test
  void tellsWhyAFigureThatDoesNotVaryHasNoInterval() {
    double nan = Double.NaN;
    assertThat(new Estimate(1, 0, nan, nan, 0.95, 40, 40, 0, 0))
        .hasToString("1.000 (n = 40, no interval as nothing varies)");
    assertThat(new Estimate(1, nan, nan, nan, 0.95, 40, 1, 0, 0))
        .hasToString("1.000 (n = 40, clusters = 1)");
  }

  @Test
  void whatIsCountedIsNotNegative() {
    for (String unit : java.util.List.of("facts", "tokens", "characters", "words", "calls")) {
      assertThat(Metric.of("m", unit, Direction.NEUTRAL).least()).isZero();
      assertThat(Metric.of("m", unit, Direction.NEUTRAL).greatest())
          .isEqualTo(Double.POSITIVE_INFINITY);
      assertThat(Metric.of("m", unit, Direction.ideal(0)).least())
          .isEqualTo(Double.NEGATIVE_INFINITY);
    }
    assertThat(Metric.of("m", "nats", Direction.LOWER).least()).isEqualTo(Double.NEGATIVE_INFINITY);
  }
}
