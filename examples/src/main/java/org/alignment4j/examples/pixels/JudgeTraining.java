package org.alignment4j.examples.pixels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Optimizer;

/**
 * Trains a judge on digits that show some random pixels with ink (Irving et al. 2018), never on
 * debates.
 *
 * @param moves how many pixels are shown
 * @param steps updates
 * @param seed of weights and pixels
 */
record JudgeTraining(int moves, int steps, long seed) {
  private static final int BATCH = 128;
  private static final double LEARNING_RATE = 1e-3;

  /**
   * Trains.
   *
   * @param digits gives the digit of a number; each is used once
   */
  PixelJudge train(OrtRuntime runtime, LongFunction<Digit> digits) {
    FlatLayout layout = FlatLayout.of(JudgeNetwork.shapes());
    FlatParameters parameters = FlatParameters.zeros(layout);
    FlatParameters gradients = FlatParameters.zeros(layout);
    SplittableRandom random = new SplittableRandom(seed);
    JudgeNetwork.shapes()
        .forEach(
            (name, shape) -> {
              if (shape.size() == 2) {
                // He et al. 2015: keeps the variance through rectifiers; few inputs are not 0.
                double deviation = Math.sqrt(2.0 / (name.equals("w1") ? 2 * moves : shape.get(0)));
                FloatBuffer weights = parameters.slice(name);
                while (weights.hasRemaining()) {
                  weights.put((float) (deviation * random.nextGaussian()));
                }
              }
            });
    Optimizer optimizer = AdamWConfig.defaults().create(parameters, Runnable::run, 1);
    try (CompiledGraph graph =
        CompiledGraph.compile(
            runtime, "training of a judge of pixels", JudgeNetwork.training().toModel())) {
      long number = 0;
      for (int step = 0; step < steps; step++) {
        float[] planes = new float[BATCH * JudgeNetwork.INPUTS];
        float[] target = new float[BATCH * Digit.CLASSES];
        for (int row = 0; row < BATCH; row++) {
          Digit digit = digits.apply(number++);
          show(digit, random, planes, row * JudgeNetwork.INPUTS);
          target[row * Digit.CLASSES + digit.label()] = 1f / BATCH;
        }
        update(runtime, graph, parameters, gradients, planes, target);
        optimizer.update(gradients, 1, rate(step), Double.POSITIVE_INFINITY);
      }
    }
    return new PixelJudge(runtime, parameters);
  }

  /** Falls linearly to a tenth. */
  private double rate(int step) {
    return LEARNING_RATE * (1 - 0.9 * step / steps);
  }

  private void show(Digit digit, SplittableRandom random, float[] planes, int at) {
    List<Integer> ink = ink(digit);
    for (int i = 0; i < Math.min(moves, ink.size()); i++) {
      int pixel = ink.remove(random.nextInt(ink.size()));
      planes[at + pixel] = 1;
      planes[at + Digit.PIXELS + pixel] = digit.pixels()[pixel];
    }
  }

  /** The pixels that are not paper. */
  static List<Integer> ink(Digit digit) {
    List<Integer> ink = new ArrayList<>();
    float[] pixels = digit.pixels();
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i] > 0) {
        ink.add(i);
      }
    }
    return ink;
  }

  private static void update(
      OrtRuntime runtime,
      CompiledGraph graph,
      FlatParameters parameters,
      FlatParameters gradients,
      float[] planes,
      float[] target) {
    Map<String, Tensor> feeds = feeds(runtime, parameters);
    Map<String, Tensor> pinned = new HashMap<>();
    feeds.put(JudgeNetwork.INPUT, Tensor.of(runtime, direct(planes), BATCH, JudgeNetwork.INPUTS));
    feeds.put(JudgeNetwork.TARGET, Tensor.of(runtime, direct(target), BATCH, Digit.CLASSES));
    try {
      JudgeNetwork.shapes()
          .forEach(
              (name, shape) ->
                  pinned.put(
                      JudgeNetwork.gradient(name),
                      Tensor.of(runtime, gradients.slice(name), dims(shape))));
      RunResult result = graph.run(feeds, pinned, Set.of());
      result.close();
    } finally {
      feeds.values().forEach(Tensor::close);
      pinned.values().forEach(Tensor::close);
    }
  }

  /** The parameters as inputs of a graph; the caller closes them. */
  static Map<String, Tensor> feeds(OrtRuntime runtime, FlatParameters parameters) {
    Map<String, Tensor> feeds = new HashMap<>();
    JudgeNetwork.shapes()
        .forEach(
            (name, shape) ->
                feeds.put(name, Tensor.of(runtime, parameters.slice(name), dims(shape))));
    return feeds;
  }

  static FloatBuffer direct(float[] values) {
    return ByteBuffer.allocateDirect(values.length * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(values)
        .rewind();
  }

  private static long[] dims(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }
}
