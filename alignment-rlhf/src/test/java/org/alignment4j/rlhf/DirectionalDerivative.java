package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.alignment4j.runtime.train.FlatParameters;

/** For tests: gradients against central differences of a float64 model in a random direction. */
final class DirectionalDerivative {

  private static final double STEP = 1e-5;

  private DirectionalDerivative() {}

  static void compare(
      FlatParameters actual,
      Float64Decoder model,
      ToDoubleFunction<Float64Decoder> loss,
      Random random) {
    Map<String, double[]> direction = new LinkedHashMap<>();
    double slope = 0;
    double norm = 0;
    for (Map.Entry<String, double[]> entry : model.weights().entrySet()) {
      FloatBuffer gradient = actual.slice(entry.getKey());
      double[] v = new double[entry.getValue().length];
      for (int i = 0; i < v.length; i++) {
        v[i] = random.nextGaussian();
        slope += v[i] * gradient.get(i);
        norm += (double) gradient.get(i) * gradient.get(i);
      }
      direction.put(entry.getKey(), v);
    }
    double above = moved(model, direction, STEP, loss);
    double below = moved(model, direction, -STEP, loss);
    assertThat(Math.abs((above - below) / (2 * STEP) - slope) / Math.max(0.1, Math.sqrt(norm)))
        .isLessThan(1e-3);
  }

  private static double moved(
      Float64Decoder model,
      Map<String, double[]> direction,
      double by,
      ToDoubleFunction<Float64Decoder> loss) {
    shift(model, direction, by);
    double value = loss.applyAsDouble(model);
    shift(model, direction, -by);
    return value;
  }

  private static void shift(Float64Decoder model, Map<String, double[]> direction, double by) {
    model
        .weights()
        .forEach(
            (name, values) -> {
              double[] v = direction.get(name);
              for (int i = 0; i < values.length; i++) {
                values[i] += by * v[i];
              }
            });
  }
}
