package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.alignment4j.runtime.train.LearningRateSchedule.Decay;

class LearningRateScheduleProperties {
  private static final List<LearningRateSchedule> SHAPES =
      List.of(
          LearningRateSchedule.constant(2),
          LearningRateSchedule.linear(2),
          LearningRateSchedule.cosine(2, 0.1),
          LearningRateSchedule.polynomial(2, 0.01, 2),
          LearningRateSchedule.inverseSquareRoot(2, 10),
          LearningRateSchedule.stableThenDecay(2, 20, Decay.LINEAR, 0.05),
          LearningRateSchedule.stableThenDecay(2, 20, Decay.COSINE, 0.05),
          LearningRateSchedule.stableThenDecay(2, 20, Decay.ONE_MINUS_SQRT, 0.05));

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

  /** By hand, a quarter of the way down. */
  @Example
  void formsOfTheDecayDiffer() {
    assertThat(LearningRateSchedule.stableThenDecay(1, 40, Decay.LINEAR, 0).at(70, 100))
        .isCloseTo(0.75, within(1e-12));
    assertThat(LearningRateSchedule.stableThenDecay(1, 40, Decay.COSINE, 0).at(70, 100))
        .isCloseTo(0.5 * (1 + Math.sqrt(0.5)), within(1e-12));
    assertThat(LearningRateSchedule.stableThenDecay(1, 40, Decay.ONE_MINUS_SQRT, 0).at(70, 100))
        .isCloseTo(0.5, within(1e-12));
  }

  @Example
  void endWhereTheySay() {
    assertThat(LearningRateSchedule.polynomial(2, 0.01, 3).at(77, 77)).isEqualTo(0.01);
    assertThat(LearningRateSchedule.polynomial(2, 0.01, 3).at(99, 77)).isEqualTo(0.01);
    for (Decay decay : Decay.values()) {
      LearningRateSchedule wsd = LearningRateSchedule.stableThenDecay(2, 10, decay, 0.25);
      assertThat(wsd.at(40, 50)).isEqualTo(2);
      assertThat(wsd.at(41, 50)).isLessThan(2);
      assertThat(wsd.at(50, 50)).isCloseTo(0.5, within(1e-12));
      assertThat(wsd.at(60, 50)).isCloseTo(0.5, within(1e-12));
      assertThat(LearningRateSchedule.stableThenDecay(2, 0, decay, 0).at(49, 50)).isEqualTo(2);
      assertThat(LearningRateSchedule.stableThenDecay(2, 99, decay, 0).at(0, 50)).isEqualTo(2);
    }
    assertThat(LearningRateSchedule.cosineWithRestarts(2, 3, 0.1).at(90, 90))
        .isCloseTo(0.2, within(1e-12));
  }

  /** Values of Hugging Face transformers' lambdas, written down from their formulas. */
  @Example
  void matchTheFormulasOfTheField() {
    int warmUp = 10;
    int total = 110;
    LearningRateSchedule restarts = LearningRateSchedule.cosineWithRestarts(1, 4, 0).warmUp(warmUp);
    LearningRateSchedule polynomial = LearningRateSchedule.polynomial(1, 1e-3, 2.5).warmUp(warmUp);
    LearningRateSchedule root = LearningRateSchedule.inverseSquareRoot(1, warmUp).warmUp(warmUp);
    LearningRateSchedule wsd =
        LearningRateSchedule.stableThenDecay(1, 30, Decay.COSINE, 0.1).warmUp(warmUp);
    for (int step = 0; step < total; step++) {
      double rising = step / 10.0;
      double progress = (step - warmUp) / 100.0;
      boolean warm = step < warmUp;
      double cycle = (4 * (step - warmUp) % 100) / 100.0;
      close(restarts, step, total, warm ? rising : 0.5 * (1 + Math.cos(Math.PI * cycle)));
      double power = 0.999 * Math.pow(1 - progress, 2.5) + 1e-3;
      close(polynomial, step, total, warm ? rising : power);
      close(root, step, total, warm ? rising : 1 / Math.sqrt(step / 10.0));
      double tail = (step - 80) / 30.0;
      double fall = 0.9 * 0.5 * (1 + Math.cos(Math.PI * tail)) + 0.1;
      close(wsd, step, total, warm ? rising : step < 80 ? 1 : fall);
    }
    // each of the four cycles begins at the peak
    for (int cycle = 0; cycle < 4; cycle++) {
      assertThat(restarts.at(10 + 25 * cycle, total)).isEqualTo(1);
    }
  }

  private static void close(LearningRateSchedule schedule, int step, int total, double expected) {
    assertThat(schedule.at(step, total))
        .as("%s at %d", schedule, step)
        .isCloseTo(expected, within(1e-12));
  }

  /** torch.optim.lr_scheduler.OneCycleLR with its defaults, from the formulas of its two phases. */
  @Example
  void oneCycleIsThatOfTorch() {
    LearningRateSchedule schedule = LearningRateSchedule.oneCycle(1, 0.3, 25, 1e4);
    int total = 50;
    double first = 1 / 25.0;
    double last = first / 1e4;
    for (int step = 0; step < total; step++) {
      double x = step <= 14 ? step / 14.0 : (step - 14) / 35.0;
      double cosine = (1 + Math.cos(Math.PI * x)) / 2;
      double expected = step <= 14 ? 1 + (first - 1) * cosine : last + (1 - last) * cosine;
      close(schedule, step, total, expected);
    }
    assertThat(schedule.at(0, total)).isCloseTo(first, within(1e-15));
    assertThat(schedule.at(14, total)).isEqualTo(1);
    assertThat(schedule.at(49, total)).isCloseTo(last, within(1e-15));
    for (int length = 1; length < 6; length++) {
      for (int step = 0; step <= length; step++) {
        assertThat(schedule.at(step, length)).isBetween(last, 1.0);
      }
    }
  }

  @Example
  void argumentsAreChecked() {
    assertThatThrownBy(() -> LearningRateSchedule.cosineWithRestarts(1, 0, 0))
        .hasMessage("cycles must be at least 1 but was 0");
    assertThatThrownBy(() -> LearningRateSchedule.polynomial(1, 2, 1))
        .hasMessage("last must not be above the peak 1.0 but was 2.0");
    assertThatThrownBy(() -> LearningRateSchedule.polynomial(1, 0, 0))
        .hasMessage("power must be positive and finite but was 0.0");
    assertThatThrownBy(() -> LearningRateSchedule.inverseSquareRoot(1, 0))
        .hasMessage("timescale must be at least 1 but was 0");
    assertThatThrownBy(() -> LearningRateSchedule.stableThenDecay(1, -1, Decay.LINEAR, 0))
        .hasMessage("decaySteps must not be negative but was -1");
    assertThatThrownBy(() -> LearningRateSchedule.oneCycle(1, 0.3, 0.5, 1))
        .hasMessage("divFactor must be finite and at least 1 but was 0.5");
    assertThatThrownBy(() -> LearningRateSchedule.constant(-1))
        .hasMessage("rate must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> LearningRateSchedule.cosine(1, 2)).hasMessageContaining("minRatio");
    assertThatThrownBy(() -> LearningRateSchedule.linear(1).at(-1, 5)).hasMessageContaining("-1");
    assertThatThrownBy(() -> LearningRateSchedule.linear(1).at(0, 0)).hasMessageContaining("total");
    assertThatThrownBy(() -> LearningRateSchedule.linear(1).warmUp(-2)).hasMessageContaining("-2");
  }
}
