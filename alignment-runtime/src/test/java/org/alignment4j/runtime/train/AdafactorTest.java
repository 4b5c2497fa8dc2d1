package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdafactorTest {

  static Stream<AdafactorConfig> configs() {
    return Stream.of(
        AdafactorConfig.defaults(),
        AdafactorConfig.defaults().momentum(0.9).weightDecay(0.2, Decayed.MATRICES),
        AdafactorConfig.externalRate(),
        AdafactorConfig.externalRate().momentum(0.5).weightDecay(0.2, Decayed.ALL),
        new AdafactorConfig(
            1e-3, 1e-2, Double.POSITIVE_INFINITY, 1, 0, 0, true, false, Decayed.ALL));
  }

  /** The formulas as they stand in the paper, on matrices of double. */
  private static final class Reference implements OptimizerCases.Rule {
    private final AdafactorConfig config;
    private final Map<String, double[]> rows = new HashMap<>();
    private final Map<String, double[]> columns = new HashMap<>();
    private final Map<String, double[]> means = new HashMap<>();
    private final Map<String, double[]> momentum = new HashMap<>();

    Reference(AdafactorConfig config) {
      this.config = config;
    }

    private static double rms(double[] x) {
      double s = 0;
      for (double v : x) {
        s += v * v;
      }
      return Math.sqrt(s / x.length);
    }

    @Override
    public void step(Slot slot, double[] p, double[] g, int t, double rate) {
      double beta2 = 1 - Math.pow(t, -config.decayRate());
      double[] u = new double[p.length];
      List<Integer> shape = slot.shape();
      if (shape.size() == 1) {
        double[] v = means.computeIfAbsent(slot.name(), n -> new double[p.length]);
        for (int i = 0; i < p.length; i++) {
          v[i] = beta2 * v[i] + (1 - beta2) * (g[i] * g[i] + config.epsilon1());
          u[i] = g[i] / Math.sqrt(v[i]);
        }
      } else {
        int m = shape.get(shape.size() - 1);
        int n = shape.get(shape.size() - 2);
        for (int k = 0; k < p.length / (n * m); k++) {
          double[] r = rows.computeIfAbsent(slot.name() + k, x -> new double[n]);
          double[] c = columns.computeIfAbsent(slot.name() + k, x -> new double[m]);
          double[] newRows = new double[n];
          double[] newColumns = new double[m];
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
              double value = g[(k * n + i) * m + j];
              double square = value * value + config.epsilon1();
              newRows[i] += square / m;
              newColumns[j] += square / n;
            }
          }
          double mean = 0;
          for (int i = 0; i < n; i++) {
            r[i] = beta2 * r[i] + (1 - beta2) * newRows[i];
            mean += r[i] / n;
          }
          for (int j = 0; j < m; j++) {
            c[j] = beta2 * c[j] + (1 - beta2) * newColumns[j];
          }
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
              int at = (k * n + i) * m + j;
              u[at] = g[at] / Math.sqrt(r[i] * c[j] / mean);
            }
          }
        }
      }
      double alpha = config.relativeStep() ? rate * Math.min(1e-2, 1 / Math.sqrt(t)) : rate;
      if (config.scaleParameter()) {
        alpha *= Math.max(config.epsilon2(), rms(p));
      }
      double divisor = Math.max(1, rms(u) / config.clipThreshold());
      boolean decays = config.decayed() == Decayed.ALL || shape.size() > 1;
      double[] kept = momentum.computeIfAbsent(slot.name(), n -> new double[p.length]);
      for (int i = 0; i < p.length; i++) {
        double update = alpha * u[i] / divisor;
        if (config.beta1() > 0) {
          kept[i] = config.beta1() * kept[i] + (1 - config.beta1()) * update;
          update = kept[i];
        }
        p[i] -= (decays ? alpha * config.weightDecay() * p[i] : 0) + update;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void followsThePaperInDouble(AdafactorConfig config) {
    assertThat(OptimizerCases.largestDifference(config, new Reference(config))).isLessThan(5e-7);
  }

  /** By hand: squares that are a product of rows and columns factor without loss; u is ±1. */
  @Test
  void theFirstStepOfARankOneGradientIsItsSign() {
    FlatParameters parameters = FlatParameters.zeros(FlatLayout.of(Map.of("w", List.of(2, 2))));
    parameters.slice("w").put(new float[] {3, 3, 3, 3});
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    gradients.slice("w").put(new float[] {1, -2, 10, -20});
    AdafactorConfig.defaults()
        .create(parameters, Runnable::run, 1)
        .update(gradients, 1, 1, Double.POSITIVE_INFINITY);
    // the relative step 0.01 times the root mean square 3
    float[] expected = {2.97f, 3.03f, 2.97f, 3.03f};
    for (int i = 0; i < 4; i++) {
      assertThat(parameters.slice("w").get(i)).isCloseTo(expected[i], within(1e-6f));
    }
  }

  @Test
  void aMatrixKeepsRowsAndColumnsOnly() {
    FlatParameters parameters = FlatParameters.zeros(FlatLayout.of(Map.of("w", List.of(100, 300))));
    Optimizer optimizer = AdafactorConfig.defaults().create(parameters, Runnable::run, 1);
    assertThat(optimizer.state().stream().mapToLong(StateTensor::size).sum()).isEqualTo(400);
  }
}
