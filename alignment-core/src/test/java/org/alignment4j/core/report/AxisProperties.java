package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class AxisProperties {

  @Property(tries = 500)
  void everyValueLiesOnTheAxisWithAFewDistinctTicks(
      @ForAll @DoubleRange(min = -1e7, max = 1e7) double a,
      @ForAll @DoubleRange(min = -1e7, max = 1e7) double b) {
    Axis axis = Axis.around(List.of(a, b, Double.NaN), 5, 0, 100);
    assertThat(axis.pixel(a)).isBetween(-1e-3, 100.001);
    assertThat(axis.pixel(b)).isBetween(-1e-3, 100.001);
    List<Double> ticks = axis.ticks();
    assertThat(ticks).hasSizeBetween(2, 9);
    assertThat(axis.pixel(ticks.get(0))).isBetween(-1e-3, 1e-3);
    assertThat(axis.pixel(ticks.get(ticks.size() - 1))).isBetween(99.999, 100.001);
    if (Math.max(Math.abs(a), Math.abs(b)) < 1e5) {
      assertThat(ticks.stream().map(axis::label).distinct()).hasSameSizeAs(ticks);
    }
  }
}
