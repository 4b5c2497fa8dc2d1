package org.alignment4j.rlhf;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.SgdConfig;

/** For tests: gradient descent in float64, with gradients by central differences. */
final class Float64Descent {

  private static final double STEP = 1e-5;

  private Float64Descent() {}

  /** Options of the same descent in float32. */
  static FineTuningOptions options(double rate) {
    return FineTuningOptions.of(rate)
        .withStability(0, Double.POSITIVE_INFINITY)
        .withOptimisation(
            Optimisation.standard()
                .withOptimizer(SgdConfig.defaults())
                .withSchedule(LearningRateSchedule.constant(rate)));
  }

  static void step(Float64Decoder model, double rate, ToDoubleFunction<Float64Decoder> loss) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    model
        .weights()
        .forEach(
            (name, values) -> {
              double[] gradient = new double[values.length];
              for (int i = 0; i < values.length; i++) {
                double value = values[i];
                values[i] = value + STEP;
                double above = loss.applyAsDouble(model);
                values[i] = value - STEP;
                gradient[i] = (above - loss.applyAsDouble(model)) / (2 * STEP);
                values[i] = value;
              }
              gradients.put(name, gradient);
            });
    gradients.forEach(
        (name, gradient) -> {
          double[] values = model.weights().get(name);
          for (int i = 0; i < values.length; i++) {
            values[i] -= rate * gradient[i];
          }
        });
  }

  static double distance(Weights a, Float64Decoder b) {
    double sum = 0;
    for (Map.Entry<String, double[]> entry : b.weights().entrySet()) {
      FloatBuffer values = a.get(entry.getKey()).data();
      for (int i = 0; i < entry.getValue().length; i++) {
        double gap = values.get(i) - entry.getValue()[i];
        sum += gap * gap;
      }
    }
    return Math.sqrt(sum);
  }
}
