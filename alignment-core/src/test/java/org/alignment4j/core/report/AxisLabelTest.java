package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Neighbouring ticks are told apart, whatever their size. */
class AxisLabelTest {

  @Test
  void ticksOfASmallRangeFarFromZeroDiffer() {
    for (double[] range :
        new double[][] {
          {1_000_000, 1_002_000}, {0.500001, 0.500009}, {-3e9, -3e9 + 50}, {0, 4e-9}
        }) {
      Axis axis = Axis.around(List.of(range[0], range[1]), 5, 0, 100);
      assertThat(axis.ticks().stream().map(axis::label).toList())
          .hasSizeGreaterThan(2)
          .doesNotHaveDuplicates();
    }
  }

  private static List<String> labels(double low, double high) {
    Axis axis = Axis.around(List.of(low, high), 5, 0, 100);
    return axis.ticks().stream().map(axis::label).toList();
  }

  @Test
  void smallTicksAreWrittenShort() {
    assertThat(labels(0, 1e-6)).containsExactly("0", "2e−7", "4e−7", "6e−7", "8e−7", "1e−6");
    assertThat(labels(1e-6, 3.4e-6))
        .containsExactly("1e−6", "1.5e−6", "2e−6", "2.5e−6", "3e−6", "3.5e−6");
    assertThat(labels(1e-4, 1e-4))
        .containsExactly("4e−5", "6e−5", "8e−5", "1e−4", "1.2e−4", "1.4e−4", "1.6e−4");
    assertThat(labels(-2e-8, 2e-8)).containsExactly("−2e−8", "−1e−8", "0", "1e−8", "2e−8");
  }

  /** Four digits are shorter as they are than with an exponent. */
  @Test
  void smallStepsFarFromZeroHaveNoExponent() {
    assertThat(labels(0.6926, 0.6934))
        .containsExactly("0.6926", "0.6928", "0.6930", "0.6932", "0.6934");
  }

  @Test
  void largeTicksAreWrittenShort() {
    assertThat(labels(-3e9, 2e9)).containsExactly("−3e9", "−2e9", "−1e9", "0", "1e9", "2e9");
    assertThat(labels(1_000_000, 1_002_000)).contains("1000500");
  }

  @Test
  void ordinaryTicksKeepTheirDecimals() {
    assertThat(labels(0, 1)).containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(labels(0, 0.005))
        .containsExactly("0.000", "0.001", "0.002", "0.003", "0.004", "0.005");
    assertThat(labels(0, 500)).containsExactly("0", "100", "200", "300", "400", "500");
  }

  /** Training curves from their first value to a hundredth of it. */
  @Test
  void labelsOfCurvesHaveAtMostSevenCharacters() {
    for (int exponent = -12; exponent <= 12; exponent++) {
      for (double digits : new double[] {1, 1.3, 2, 2.5, 3.7, 5, 7.9}) {
        double value = digits * Math.pow(10, exponent);
        for (double[] range :
            new double[][] {{0, value}, {value, value}, {value / 100, value}, {-value, value}}) {
          assertThat(labels(range[0], range[1]))
              .doesNotHaveDuplicates()
              .allSatisfy(label -> assertThat(label).hasSizeLessThanOrEqualTo(7));
        }
      }
    }
  }

  @Test
  void infiniteRangesAreLabelled() {
    assertThat(labels(-1e308, 1e308)).allSatisfy(label -> assertThat(label).isNotNull());
  }
}
