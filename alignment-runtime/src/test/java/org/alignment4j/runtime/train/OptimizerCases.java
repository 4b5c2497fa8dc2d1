package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;

/** Optimisers of every kind, and parameters for them. */
final class OptimizerCases {

  private OptimizerCases() {}

  /** Every kind, with state of every kind. */
  static Stream<OptimizerConfig> all() {
    AdamWConfig adam = AdamWConfig.defaults().betas(0.9, 0.95).weightDecay(0.1, Decayed.MATRICES);
    return Stream.of(
        adam,
        new AdamW8BitConfig(adam, 256, 4096),
        new AdamW8BitConfig(adam, 2048, 0),
        SgdConfig.defaults(),
        new SgdConfig(0.9, 0.3, false, 0.1, Decayed.ALL),
        SgdConfig.defaults().momentum(0.9, true).weightDecay(0.1, Decayed.MATRICES),
        LionConfig.defaults().weightDecay(0.1, Decayed.MATRICES),
        AdafactorConfig.defaults(),
        AdafactorConfig.externalRate().momentum(0.9).weightDecay(0.1, Decayed.ALL));
  }

  /** Three blocks and a bit in two buffers; a vector, matrices, and a stack of matrices. */
  static FlatLayout layout() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("bias", List.of(7));
    shapes.put("matrix", List.of(500, 301));
    shapes.put("norm", List.of(33));
    shapes.put("stack", List.of(2, 35, 1000));
    return FlatLayout.of(shapes, 160_000);
  }

  static FlatLayout small() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("bias", List.of(5));
    shapes.put("matrix", List.of(4, 3));
    shapes.put("stack", List.of(2, 3, 5));
    return FlatLayout.of(shapes);
  }

  static void fill(FlatParameters parameters, long seed, double deviation) {
    Random random = new Random(seed);
    for (Slot slot : parameters.layout().slots()) {
      FloatBuffer slice = parameters.slice(slot.name());
      while (slice.hasRemaining()) {
        slice.put((float) (random.nextGaussian() * deviation));
      }
    }
  }

  /** Every tensor in double, by name. */
  static Map<String, double[]> doubles(FlatParameters parameters) {
    Map<String, double[]> all = new LinkedHashMap<>();
    for (Slot slot : parameters.layout().slots()) {
      FloatBuffer slice = parameters.slice(slot.name());
      double[] values = new double[slot.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = slice.get(i);
      }
      all.put(slot.name(), values);
    }
    return all;
  }

  /** Both buffers, padding included. */
  static float[] floats(FlatParameters parameters) {
    int size = 0;
    for (int b = 0; b < parameters.layout().buffers(); b++) {
      size += parameters.layout().bufferSize(b);
    }
    FloatBuffer all = FloatBuffer.allocate(size);
    for (int b = 0; b < parameters.layout().buffers(); b++) {
      all.put(parameters.buffer(b));
    }
    return all.array();
  }

  /** Ten clipped and unclipped steps beside a rule in double, to a largest difference. */
  static double largestDifference(OptimizerConfig config, Rule rule) {
    FlatParameters parameters = FlatParameters.zeros(small());
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    fill(parameters, 1, 0.5);
    Map<String, double[]> expected = doubles(parameters);
    Optimizer optimizer = config.create(parameters, Runnable::run, 1);
    for (int t = 1; t <= 10; t++) {
      fill(gradients, 100 + t, 0.3);
      Map<String, double[]> g = doubles(gradients);
      double squares = 0;
      for (double[] values : g.values()) {
        for (double v : values) {
          squares += v * v;
        }
      }
      double maxNorm = t % 2 == 0 ? 0.7 : Double.POSITIVE_INFINITY;
      double clip = Math.min(1, maxNorm / (Math.sqrt(squares) + 1e-6));
      g.values()
          .forEach(
              values -> {
                for (int i = 0; i < values.length; i++) {
                  values[i] *= clip;
                }
              });
      for (Slot slot : parameters.layout().slots()) {
        rule.step(slot, expected.get(slot.name()), g.get(slot.name()), t, 0.01 / t);
      }
      optimizer.update(gradients, 1, 0.01 / t, maxNorm);
    }
    double largest = 0;
    Map<String, double[]> actual = doubles(parameters);
    for (String name : expected.keySet()) {
      for (int i = 0; i < expected.get(name).length; i++) {
        largest = Math.max(largest, Math.abs(expected.get(name)[i] - actual.get(name)[i]));
      }
    }
    return largest;
  }

  /** The textbook's step of one tensor, in place. */
  @FunctionalInterface
  interface Rule {
    void step(Slot slot, double[] p, double[] g, int t, double rate);
  }

  /** One parameter after each of some steps, all with the same gradient. */
  static float[] scalarTrajectory(OptimizerConfig config, float p, float g, double rate, int n) {
    FlatParameters parameters = FlatParameters.zeros(FlatLayout.of(Map.of("x", List.of(1, 1))));
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    parameters.slice("x").put(0, p);
    gradients.slice("x").put(0, g);
    Optimizer optimizer = config.create(parameters, Runnable::run, 1);
    float[] trajectory = new float[n];
    for (int i = 0; i < n; i++) {
      optimizer.update(gradients, 1, rate, Double.POSITIVE_INFINITY);
      trajectory[i] = parameters.slice("x").get(0);
    }
    return trajectory;
  }
}
