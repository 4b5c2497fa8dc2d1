package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class LearningRateScheduleProperties {
  private static final List<LearningRateSchedule> SHAPES =
      List.of(
          LearningRateSchedule.constant(2),
          LearningRateSchedule.linear(2),
          LearningRateSchedule.cosine(2, 0.1));

  @Property(tries = 200)
  void riseThenNeverRiseAgain(
      @ForAll @LongRange(min = 1, max = 300) long total,
      @ForAll @LongRange(min = 0, max = 50) long warmUp) {
    for (LearningRateSchedule shape : SHAPES) {
      LearningRateSchedule schedule = shape.warmUp(warmUp);
      double last = schedule.at(0, total);
      for (long step = 1; step <= total; step++) {
        double rate = schedule.at(step, total);
        assertThat(rate).isBetween(0.0, 2.0);
        if (step <= warmUp) {
          assertThat(rate).isGreaterThan(last);
        } else {
          assertThat(rate).isLessThanOrEqualTo(last);
        }
        last = rate;
      }
    }
  }

  @Property(tries = 100)
  void beginAtThePeakAndEndWhereTheySay(@ForAll @LongRange(min = 1, max = 10_000) long total) {
    for (LearningRateSchedule shape : SHAPES) {
      assertThat(shape.at(0, total)).isEqualTo(2);
    }
    assertThat(SHAPES.get(0).at(total, total)).isEqualTo(2);
    assertThat(SHAPES.get(1).at(total, total)).isZero();
    assertThat(SHAPES.get(2).at(total, total)).isCloseTo(0.2, within(1e-12));
    assertThat(SHAPES.get(1).at(total + 5, total)).isZero();
  }

  @Example
  void matchHandComputedValues() {
    LearningRateSchedule linear = LearningRateSchedule.linear(1).warmUp(4);
    assertThat(linear.at(0, 12)).isZero();
    assertThat(linear.at(1, 12)).isEqualTo(0.25);
    assertThat(linear.at(4, 12)).isEqualTo(1);
    assertThat(linear.at(10, 12)).isEqualTo(0.25);
    LearningRateSchedule cosine = LearningRateSchedule.cosine(1, 0);
    assertThat(cosine.at(5, 10)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.at(2, 8)).isCloseTo(0.5 * (1 + Math.sqrt(0.5)), within(1e-12));
  }

  @Example
  void argumentsAreChecked() {
    assertThatThrownBy(() -> LearningRateSchedule.constant(-1))
        .hasMessage("rate must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> LearningRateSchedule.cosine(1, 2)).hasMessageContaining("minRatio");
    assertThatThrownBy(() -> LearningRateSchedule.linear(1).at(-1, 5)).hasMessageContaining("-1");
    assertThatThrownBy(() -> LearningRateSchedule.linear(1).at(0, 0)).hasMessageContaining("total");
    assertThatThrownBy(() -> LearningRateSchedule.linear(1).warmUp(-2)).hasMessageContaining("-2");
  }
}
