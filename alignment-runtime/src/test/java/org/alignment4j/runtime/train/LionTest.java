package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.junit.jupiter.api.Test;

class LionTest {

  @Test
  void followsTheTextbookInDouble() {
    Map<String, double[]> momentum = new HashMap<>();
    LionConfig config = LionConfig.defaults().weightDecay(0.3, Decayed.MATRICES);
    double difference =
        OptimizerCases.largestDifference(
            config,
            (slot, p, g, t, rate) -> {
              double[] m = momentum.computeIfAbsent(slot.name(), n -> new double[p.length]);
              for (int i = 0; i < p.length; i++) {
                double direction = Math.signum(0.9 * m[i] + 0.1 * g[i]);
                double decay = slot.shape().size() > 1 ? 0.3 * p[i] : 0;
                p[i] -= rate * (direction + decay);
                m[i] = 0.99 * m[i] + 0.01 * g[i];
              }
            });
    assertThat(difference).isLessThan(5e-7);
  }

  @Test
  void stepsAreOfOneSizeAndZeroDoesNotMove() {
    LionConfig config = LionConfig.defaults();
    float[] up = OptimizerCases.scalarTrajectory(config, 1, -1e-12f, 0.25, 3);
    assertThat(up).containsExactly(1.25f, 1.5f, 1.75f);
    assertThat(OptimizerCases.scalarTrajectory(config, 1, 0, 0.25, 2)).containsExactly(1f, 1f);
    for (float g : new float[] {Float.MIN_VALUE * 64, 1e-30f, 1, 1e15f}) {
      assertThat(OptimizerCases.scalarTrajectory(config, 1, g, 0.25, 1)).containsExactly(0.75f);
      assertThat(OptimizerCases.scalarTrajectory(config, 1, -g, 0.25, 1)).containsExactly(1.25f);
    }
  }

  /** By hand: m is 0.01, then β1·m − (1−β1) is −0.091, so that the step turns at once. */
  @Test
  void theNewGradientCountsMoreThanTheMomentum() {
    FlatParameters parameters = FlatParameters.zeros(FlatLayout.of(Map.of("x", List.of(1))));
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    Optimizer lion = LionConfig.defaults().create(parameters, Runnable::run, 1);
    lion.update(gradients(gradients, 1), 1, 0.25, Double.POSITIVE_INFINITY);
    assertThat(parameters.slice("x").get(0)).isEqualTo(-0.25f);
    lion.update(gradients(gradients, -1), 1, 0.25, Double.POSITIVE_INFINITY);
    assertThat(parameters.slice("x").get(0)).isZero();
    // m is now 0.99·0.01 − 0.01, and a gradient a thousandth of it does not turn the step
    lion.update(gradients(gradients, 1e-7f), 1, 0.25, Double.POSITIVE_INFINITY);
    assertThat(parameters.slice("x").get(0)).isEqualTo(0.25f);
  }

  private static FlatParameters gradients(FlatParameters gradients, float value) {
    gradients.slice("x").put(0, value);
    return gradients;
  }

  @Test
  void decayIsDecoupled() {
    LionConfig config = LionConfig.defaults().weightDecay(1, Decayed.ALL);
    float[] decayed = OptimizerCases.scalarTrajectory(config, 1, 1, 0.1f, 2);
    assertThat((double) decayed[0]).isCloseTo(0.8, within(1e-6));
    assertThat((double) decayed[1]).isCloseTo(0.62, within(1e-6));
  }
}
