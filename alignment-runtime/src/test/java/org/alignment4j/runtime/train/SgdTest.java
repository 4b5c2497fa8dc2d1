package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SgdTest {

  static Stream<SgdConfig> configs() {
    return Stream.of(
        SgdConfig.defaults(),
        SgdConfig.defaults().weightDecay(0.3, Decayed.MATRICES),
        SgdConfig.defaults().momentum(0.9, false),
        new SgdConfig(0.9, 0.4, false, 0.3, Decayed.ALL),
        SgdConfig.defaults().momentum(0.8, true).weightDecay(0.3, Decayed.MATRICES));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void followsTheTextbookInDouble(SgdConfig config) {
    Map<String, double[]> buffers = new HashMap<>();
    double difference =
        OptimizerCases.largestDifference(
            config,
            (slot, p, g, t, rate) -> {
              boolean decays = config.decayed() == Decayed.ALL || slot.shape().size() > 1;
              double[] b = buffers.get(slot.name());
              boolean first = b == null;
              if (first) {
                b = new double[p.length];
                buffers.put(slot.name(), b);
              }
              for (int i = 0; i < p.length; i++) {
                double d = g[i] + (decays ? config.weightDecay() * p[i] : 0);
                if (config.momentum() != 0) {
                  b[i] = first ? d : config.momentum() * b[i] + (1 - config.dampening()) * d;
                  d = config.nesterov() ? d + config.momentum() * b[i] : b[i];
                }
                p[i] -= rate * d;
              }
            });
    assertThat(difference).isLessThan(5e-7);
  }

  /** By hand: b is 1, 1.9, 2.71; with dampening one half 1, 1.4, 1.76. */
  @Test
  void matchesHandComputedTrajectories() {
    close(SgdConfig.defaults(), 0.9, 0.8, 0.7);
    close(SgdConfig.defaults().momentum(0.9, false), 0.9, 0.71, 0.439);
    close(new SgdConfig(0.9, 0.5, false, 0, Decayed.ALL), 0.9, 0.76, 0.584);
    close(SgdConfig.defaults().momentum(0.9, true), 0.81, 0.539, 0.1951);
    close(SgdConfig.defaults().weightDecay(1, Decayed.ALL), 0.8, 0.62, 0.458);
  }

  private static void close(SgdConfig config, double... expected) {
    float[] actual = OptimizerCases.scalarTrajectory(config, 1, 1, 0.1, 3);
    for (int i = 0; i < 3; i++) {
      assertThat((double) actual[i]).as("%s %d", config, i).isCloseTo(expected[i], within(1e-6));
    }
  }
}
