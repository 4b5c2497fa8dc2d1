package org.alignment4j.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class BoundedMeanTest {
  private static final double Z2 = 1.959963984540054 * 1.959963984540054;

  private static double[] same(int n, double value) {
    double[] values = new double[n];
    Arrays.fill(values, value);
    return values;
  }

  private static int[] each(int n) {
    int[] clusters = new int[n];
    Arrays.setAll(clusters, i -> i);
    return clusters;
  }

  @Test
  void scoresThatAreAllZeroHaveWilsonsInterval() {
    Estimate clean = Estimates.boundedMean(same(100, 0), each(100), 0, 1);
    assertThat(clean.value()).isZero();
    assertThat(clean.standardError()).isZero();
    assertThat(clean.ciLow()).isZero();
    assertThat(clean.ciHigh()).isCloseTo(Z2 / (100 + Z2), within(1e-12));
    Estimate all = Estimates.boundedMean(same(100, 1), each(100), 0, 1);
    assertThat(all.ciLow()).isCloseTo(100 / (100 + Z2), within(1e-12));
    assertThat(all.ciHigh()).isEqualTo(1);
    Estimate percent = Estimates.boundedMean(same(100, 0), each(100), 0, 100);
    assertThat(percent.ciHigh()).isCloseTo(100 * Z2 / (100 + Z2), within(1e-10));
  }

  @Test
  void equalScoresWithinTheRangeHaveTheIntervalOfOutcomesWithTheirMean() {
    Estimate equal = Estimates.boundedMean(same(200, 0.25), each(200), 0, 1);
    Estimate outcomes = Estimates.proportion(50, 200);
    assertThat(equal.standardError()).isZero();
    assertThat(equal.ciLow()).isCloseTo(outcomes.ciLow(), within(1e-12));
    assertThat(equal.ciHigh()).isCloseTo(outcomes.ciHigh(), within(1e-12));
    Estimate around = Estimates.boundedMean(same(200, 0), each(200), -1, 1);
    assertThat(around.value()).isZero();
    assertThat(around.ciLow()).isEqualTo(-around.ciHigh(), within(1e-12));
    assertThat(around.ciHigh()).isGreaterThan(0.05);
  }

  @Test
  void repeatedScoresOfAClusterCountOnce() {
    int[] clusters = new int[100];
    Arrays.setAll(clusters, i -> i / 10);
    Estimate clean = Estimates.boundedMean(same(100, 0), clusters, 0, 1);
    assertThat(clean.clusters()).isEqualTo(10);
    assertThat(clean.ciHigh()).isCloseTo(Z2 / (10 + Z2), within(1e-12));
    double[] alternating = new double[100];
    Arrays.setAll(alternating, i -> i % 2);
    Estimate level = Estimates.boundedMean(alternating, clusters, 0, 1);
    assertThat(level.ciHigh() - level.ciLow()).isGreaterThan(0.4);
  }

  @Test
  void scoresThatVaryHaveTheUsualIntervalInsideTheRange() {
    Random random = new Random(3);
    double[] values = random.doubles(40).toArray();
    Estimate plain = Estimates.mean(values);
    Estimate bounded = Estimates.boundedMean(values, each(40), 0, 1);
    assertThat(bounded.ciLow()).isCloseTo(plain.ciLow(), within(1e-12));
    assertThat(bounded.ciHigh()).isCloseTo(plain.ciHigh(), within(1e-12));
    double[] one = same(20, 0);
    one[0] = 1;
    assertThat(Estimates.boundedMean(one, each(20), 0, 1).ciLow()).isZero();
    assertThat(Estimates.mean(one).ciLow()).isNegative();
  }

  @Test
  void spreadOfRoundingIsNone() {
    double[] values = same(50, 0.1);
    values[7] = Math.nextUp(0.1);
    Estimate bounded = Estimates.boundedMean(values, each(50), 0, 1);
    assertThat(bounded.ciHigh() - bounded.ciLow()).isGreaterThan(0.1);
    double[] over = same(50, 1);
    over[3] = 1 + 1e-15;
    assertThat(Estimates.boundedMean(over, each(50), 0, 1).value()).isEqualTo(1);
  }

  @Test
  void oneObservationHasAnIntervalAndOneClusterOrNothingHasNone() {
    Estimate one = Estimates.boundedMean(same(1, 0), each(1), 0, 1);
    assertThat(one.standardError()).isNaN();
    assertThat(one.ciHigh()).isCloseTo(Z2 / (1 + Z2), within(1e-12));
    assertThat(Estimates.boundedMean(same(5, 0), new int[5], 0, 1).ciHigh()).isNaN();
    assertThat(Estimates.boundedMean(new double[0], new int[0], 0, 1).n()).isZero();
  }

  @Test
  void equalScoresOfACleanSourceAreCoveredAsOftenAsPromised() {
    // Nearly always 0: most draws do not vary at all, and the interval must still hold the mean.
    Random random = new Random(11);
    int held = 0;
    for (int draw = 0; draw < 2000; draw++) {
      double[] values = new double[60];
      Arrays.setAll(values, i -> random.nextDouble() < 0.01 ? 1 : 0);
      Estimate estimate = Estimates.boundedMean(values, each(60), 0, 1);
      held += Arrays.stream(values).sum() > 0 || estimate.contains(0.01) ? 1 : 0;
    }
    assertThat(held).isEqualTo(2000);
  }

  @Test
  void wrongRangesAndValuesAreNamed() {
    assertThatThrownBy(() -> Estimates.boundedMean(new double[] {0.5, 3}, each(2), 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("values[1] must be from 0.0 to 1.0 but was 3.0");
    assertThatThrownBy(() -> Estimates.boundedMean(new double[] {Double.NaN}, each(1), 0, 1))
        .hasMessageContaining("values[0] must be from 0.0 to 1.0 but was NaN");
    assertThatThrownBy(() -> Estimates.boundedMean(new double[] {0}, each(1), 1, 1))
        .hasMessageContaining(
            "the range of values must be finite and not empty but was 1.0 to 1.0");
  }
}
