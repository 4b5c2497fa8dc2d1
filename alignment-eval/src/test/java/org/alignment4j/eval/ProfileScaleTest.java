package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.report.Chart;
import org.junit.jupiter.api.Test;

class ProfileScaleTest {
  private static ProfileScale scale(String unit, Direction direction) {
    return ProfileScale.of(Metric.of("m", unit, direction)).orElseThrow();
  }

  private static Estimate estimate(double low, double value, double high) {
    return new Estimate(value, (high - low) / 4, low, high, 0.95, 100, 100, 0, 0);
  }

  @Test
  void betterStandsFurtherToTheRightWhateverTheDirection() {
    assertThat(scale("fraction", Direction.HIGHER).position(0.8)).isEqualTo(0.8);
    assertThat(scale("fraction", Direction.LOWER).position(0.8)).isCloseTo(0.2, within(1e-12));
    assertThat(scale("%", Direction.HIGHER).position(80)).isCloseTo(0.8, within(1e-12));
    // 50 is best and 0 and 100 are worst.
    ProfileScale middle = scale("%", Direction.ideal(50));
    assertThat(middle.position(50)).isEqualTo(1);
    assertThat(middle.position(75)).isCloseTo(0.5, within(1e-12));
    assertThat(middle.position(25)).isCloseTo(0.5, within(1e-12));
    // A bias score from -100 to 100 of which 0 is best.
    ProfileScale zero = scale("%", Direction.ideal(0));
    assertThat(zero.position(-100)).isZero();
    assertThat(zero.position(40)).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void intervalsAreTurnedWithTheDirection() {
    Chart.Mark mark = scale("fraction", Direction.LOWER).mark(estimate(0.1, 0.2, 0.4));
    assertThat(mark.at()).isCloseTo(0.8, within(1e-12));
    assertThat(mark.low()).isCloseTo(0.6, within(1e-12));
    assertThat(mark.high()).isCloseTo(0.9, within(1e-12));
    Chart.Mark around = scale("%", Direction.ideal(50)).mark(estimate(45, 52, 60));
    assertThat(around.low()).isCloseTo(0.8, within(1e-12));
    assertThat(around.high()).isEqualTo(1);
  }

  @Test
  void unitsWithoutAWorstValueHaveNoPlace() {
    assertThat(ProfileScale.of(Metric.of("m", "nats", Direction.LOWER))).isEmpty();
    Estimate none = new Estimate(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0.95, 0, 0, 3, 0);
    assertThat(scale("%", Direction.HIGHER).mark(none).at()).isNaN();
    assertThat(scale("%", Direction.HIGHER).chance()).isNaN();
  }
}
