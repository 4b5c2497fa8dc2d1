package org.alignment4j.rlhf.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class ValueLossProperties {

  private static final double[] WEIGHTS = {0.1, 0.4, 0.3, 0.2};

  private static double formula(double v, double old, double r, double epsilon) {
    double near = old + Math.max(-epsilon, Math.min(epsilon, v - old));
    return 0.5 * Math.max(Math.pow(v - r, 2), Math.pow(near - r, 2));
  }

  @Property(tries = 60)
  void clippedIsItsFormulaAndNeverBelowTheOther(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.05, max = 2) double epsilon) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] v = random.doubles(4, -2, 2).toArray();
    double[] old = random.doubles(4, -2, 2).toArray();
    double[] r = random.doubles(4, -2, 2).toArray();
    LossValues clipped = PolicyLosses.evaluate(new ClippedValueLoss(epsilon), v, old, r, WEIGHTS);
    LossValues free = PolicyLosses.evaluate(ValueLoss.squared(), v, old, r, WEIGHTS);
    double h = 1e-6;
    for (int i = 0; i < 4; i++) {
      assertThat(clipped.losses()[i])
          .isCloseTo(formula(v[i], old[i], r[i], epsilon), within(1e-12));
      assertThat(free.losses()[i]).isCloseTo(0.5 * Math.pow(v[i] - r[i], 2), within(1e-12));
      assertThat(clipped.losses()[i]).isGreaterThanOrEqualTo(free.losses()[i]);
      assertThat(free.gradients()[i]).isCloseTo(WEIGHTS[i] * (v[i] - r[i]), within(1e-12));
      double up = formula(v[i] + h, old[i], r[i], epsilon);
      double down = formula(v[i] - h, old[i], r[i], epsilon);
      double middle = formula(v[i], old[i], r[i], epsilon);
      if (Math.abs(up - 2 * middle + down) < 1e-9) {
        assertThat(clipped.gradients()[i])
            .isCloseTo(WEIGHTS[i] * (up - down) / (2 * h), within(1e-6));
      }
      boolean cut = formula(v[i], old[i], r[i], epsilon) > free.losses()[i] + 1e-12;
      assertThat(clipped.metrics().get("value/clip_ratio")[i]).isEqualTo(cut ? 1 : 0);
    }
    assertThat(clipped.metric("value/error") / 2 * 4)
        .isCloseTo(
            free.losses()[0] + free.losses()[1] + free.losses()[2] + free.losses()[3],
            within(1e-11));
  }

  @Example
  void refusals() {
    assertThatThrownBy(() -> new ClippedValueLoss(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epsilon must be positive and finite but was 0.0");
    assertThatThrownBy(
            () ->
                PolicyLosses.evaluate(
                    ValueLoss.ppo(), new double[2], new double[1], new double[2], new double[2]))
        .hasMessage("old must be of 2 tokens but is of 1");
    assertThatThrownBy(
            () ->
                PolicyLosses.evaluate(
                    ValueLoss.ppo(), new double[0], new double[0], new double[0], new double[0]))
        .hasMessageContaining("at least one token");
  }
}
