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
}
