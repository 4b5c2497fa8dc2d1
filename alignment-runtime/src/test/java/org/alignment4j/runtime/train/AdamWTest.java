package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final AdamWConfig CONFIG =
      AdamWConfig.defaults().betas(0.9, 0.95).weightDecay(0.1, Decayed.MATRICES);

  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  /** Three blocks and a bit in two buffers. */
  private static FlatLayout layout() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("bias", List.of(7));
    shapes.put("matrix", List.of(500, 301));
    shapes.put("norm", List.of(33));
    shapes.put("other", List.of(70, 1000));
    return FlatLayout.of(shapes, 160_000);
  }

  /** Without gradients AdamW only decays: whatever lies between decaying weights must not. */
  @Test
  void smallBiasesBetweenMatricesDoNotDecay() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    for (int size : new int[] {1, 15, 16, 17, 100, 4095, 4097}) {
      shapes.put("matrix" + size, List.of(3, 5));
      shapes.put("bias" + size, List.of(size));
    }
    shapes.put("last", List.of(2, 2));
    FlatParameters parameters = FlatParameters.zeros(FlatLayout.of(shapes));
    fill(parameters, 3, 1);
    Map<String, float[]> before = new LinkedHashMap<>();
    shapes.keySet().forEach(n -> before.put(n, TrainingStepTest.floats(parameters.slice(n))));
    AdamW adam = new AdamW(CONFIG, parameters, Runnable::run, 1);
    adam.update(FlatParameters.zeros(parameters.layout()), 1, 0.5, 1);
    before.forEach(
        (name, values) -> {
          float factor = shapes.get(name).size() == 2 ? 1 - 0.5f * 0.1f : 1;
          float[] after = TrainingStepTest.floats(parameters.slice(name));
          for (int i = 0; i < values.length; i++) {
            assertThat(after[i])
                .as("%s[%d]", name, i)
                .isCloseTo(values[i] * factor, within(1e-6f * Math.abs(values[i])));
          }
        });
  }

  private static void fill(FlatParameters parameters, long seed, double deviation) {
    Random random = new Random(seed);
    for (Slot slot : parameters.layout().slots()) {
      FloatBuffer slice = parameters.slice(slot.name());
      while (slice.hasRemaining()) {
        slice.put((float) (random.nextGaussian() * deviation));
      }
    }
  }

  /** Ten steps by the textbook in double. */
  private static final class Reference {
    final Map<String, double[]> p = new LinkedHashMap<>();
    final Map<String, double[]> m = new LinkedHashMap<>();
    final Map<String, double[]> v = new LinkedHashMap<>();

    Reference(FlatParameters start) {
      for (Slot slot : start.layout().slots()) {
        double[] values = new double[slot.size()];
        FloatBuffer slice = start.slice(slot.name());
        for (int i = 0; i < values.length; i++) {
          values[i] = slice.get(i);
        }
        p.put(slot.name(), values);
        m.put(slot.name(), new double[values.length]);
        v.put(slot.name(), new double[values.length]);
      }
    }

    double step(FlatParameters gradients, int t, double lr, double maxNorm) {
      double square = 0;
      for (Slot slot : gradients.layout().slots()) {
        FloatBuffer g = gradients.slice(slot.name());
        for (int i = 0; i < slot.size(); i++) {
          square += (double) g.get(i) * g.get(i);
        }
      }
      double norm = Math.sqrt(square);
      double clip = Math.min(1, maxNorm / (norm + 1e-6));
      for (Slot slot : gradients.layout().slots()) {
        FloatBuffer g = gradients.slice(slot.name());
        boolean decays = slot.shape().size() > 1;
        double[] w = p.get(slot.name());
        double[] first = m.get(slot.name());
        double[] second = v.get(slot.name());
        for (int i = 0; i < w.length; i++) {
          double gi = g.get(i) * clip;
          w[i] *= decays ? 1 - lr * 0.1 : 1;
          first[i] = 0.9 * first[i] + 0.1 * gi;
          second[i] = 0.95 * second[i] + 0.05 * gi * gi;
          double mHat = first[i] / (1 - Math.pow(0.9, t));
          double vHat = second[i] / (1 - Math.pow(0.95, t));
          w[i] -= lr * mHat / (Math.sqrt(vHat) + 1e-8);
        }
      }
      return norm;
    }
  }

  @Test
  void followsTheTextbookInDouble() {
    FlatParameters parameters = FlatParameters.zeros(layout());
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    fill(parameters, 1, 0.5);
    Reference reference = new Reference(parameters);
    AdamW adam = new AdamW(CONFIG, parameters, pool, 2);
    for (int t = 1; t <= 10; t++) {
      fill(gradients, 100 + t, 0.01);
      double maxNorm = t % 2 == 0 ? 1.0 : Double.POSITIVE_INFINITY;
      double norm = reference.step(gradients, t, 1e-2, maxNorm);
      Optimizer.Update update = adam.update(gradients, 1, 1e-2, maxNorm);
      assertThat(update.gradientNorm()).isCloseTo(norm, within(1e-9));
      assertThat(update.clipFactor()).isCloseTo(Math.min(1, maxNorm / (norm + 1e-6)), within(1e-9));
    }
    assertThat(adam.steps()).isEqualTo(10);
    for (Slot slot : parameters.layout().slots()) {
      FloatBuffer actual = parameters.slice(slot.name());
      double[] expected = reference.p.get(slot.name());
      for (int i = 0; i < expected.length; i++) {
        if (Math.abs(actual.get(i) - expected[i]) > 2e-6) {
          assertThat((double) actual.get(i))
              .as(slot.name() + " " + i)
              .isCloseTo(expected[i], within(2e-6));
        }
      }
    }
  }

  @Test
  void threadsAndExecutorsChangeNoBit() {
    float[] one = afterFiveSteps(1, pool);
    assertThat(afterFiveSteps(2, pool)).isEqualTo(one);
    assertThat(afterFiveSteps(7, pool)).isEqualTo(one);
    assertThat(afterFiveSteps(2, Runnable::run)).isEqualTo(one);
    ExecutorService stopped = Executors.newSingleThreadExecutor();
    stopped.shutdownNow();
    assertThat(afterFiveSteps(2, stopped)).isEqualTo(one);
  }

  private static float[] afterFiveSteps(int threads, java.util.concurrent.Executor executor) {
    FlatParameters parameters = FlatParameters.zeros(layout());
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    fill(parameters, 1, 0.5);
    AdamW adam = new AdamW(CONFIG, parameters, executor, threads);
    for (int t = 0; t < 5; t++) {
      fill(gradients, t, 1);
      adam.update(gradients, 0.125, 1e-3, 1);
    }
    return floats(parameters);
  }

  private static float[] floats(FlatParameters parameters) {
    FloatBuffer first = parameters.buffer(0);
    FloatBuffer second = parameters.buffer(1);
    float[] all = new float[first.capacity() + second.capacity()];
    first.get(all, 0, first.capacity());
    second.get(all, first.capacity(), second.capacity());
    return all;
  }

  @Test
  void paddingStaysZero() {
    FlatParameters parameters = FlatParameters.zeros(layout());
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    fill(parameters, 1, 0.5);
    fill(gradients, 2, 1);
    new AdamW(CONFIG, parameters, pool, 2).update(gradients, 1, 1e-3, 1);
    for (int i = 7; i < 16; i++) {
      assertThat(parameters.buffer(0).get(i)).isZero();
    }
  }

  @Test
  void decayCanCoverEverything() {
    FlatParameters parameters = FlatParameters.zeros(FlatLayout.of(Map.of("bias", List.of(2))));
    parameters.slice("bias").put(0, 1).put(1, -2);
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    AdamWConfig all = AdamWConfig.defaults().weightDecay(0.5, Decayed.ALL);
    new AdamW(all, parameters, pool, 1).update(gradients, 1, 0.1, 1);
    assertThat(parameters.slice("bias").get(0)).isEqualTo(0.95f);
    AdamWConfig matrices = all.weightDecay(0.5, Decayed.MATRICES);
    new AdamW(matrices, parameters, pool, 1).update(gradients, 1, 0.1, 1);
    assertThat(parameters.slice("bias").get(0)).isEqualTo(0.95f);
  }

  @Test
  void gradientScaleIsPartOfNormAndUpdate() {
    FlatParameters half = afterOne(0.5, 2);
    FlatParameters whole = afterOne(1, 1);
    assertThat(floats(half)).isEqualTo(floats(whole));
  }

  private FlatParameters afterOne(double scale, double deviation) {
    FlatParameters parameters = FlatParameters.zeros(layout());
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    fill(gradients, 3, deviation);
    new AdamW(CONFIG, parameters, pool, 1).update(gradients, scale, 1e-3, 1);
    return parameters;
  }

  @Test
  void aGradientThatIsNotFiniteChangesNothingAndIsNamed() {
    FlatParameters parameters = FlatParameters.zeros(layout());
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    fill(parameters, 1, 0.5);
    float[] before = floats(parameters);
    gradients.slice("norm").put(5, Float.NaN);
    AdamW adam = new AdamW(CONFIG, parameters, pool, 2);
    assertThatThrownBy(() -> adam.update(gradients, 1, 1e-3, 1))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("norm has NaN at element 5 in step 1");
    gradients.slice("norm").put(5, 0);
    gradients.slice("other").put(9, Float.NEGATIVE_INFINITY);
    assertThatThrownBy(() -> adam.update(gradients, 1, 1e-3, 1))
        .hasMessageContaining("other has -Infinity at element 9");
    assertThat(floats(parameters)).isEqualTo(before);
    assertThat(adam.steps()).isZero();
  }

  @Test
  void argumentsAreChecked() {
    FlatParameters parameters = FlatParameters.zeros(layout());
    AdamW adam = new AdamW(CONFIG, parameters, pool, 1);
    FlatParameters other = FlatParameters.zeros(layout());
    assertThatThrownBy(() -> adam.update(other, 1, 1, 1)).hasMessageContaining("layout");
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    assertThatThrownBy(() -> adam.update(gradients, 0, 1, 1)).hasMessageContaining("but was 0.0");
    assertThatThrownBy(() -> adam.update(gradients, 1, -1, 1)).hasMessageContaining("learningRate");
    assertThatThrownBy(() -> adam.update(gradients, 1, 1, 0)).hasMessageContaining("maxNorm");
    assertThatThrownBy(() -> AdamWConfig.defaults().betas(1, 0.9))
        .hasMessage("beta1 must be in [0, 1) but was 1.0");
  }

  @Test
  void failuresInsideABlockReachTheCaller() {
    Blocks blocks = new Blocks(layout());
    assertThatThrownBy(
            () ->
                blocks.forEach(
                    pool,
                    2,
                    () ->
                        (block, buffer, start, length) -> {
                          throw new IllegalStateException("broken block");
                        }))
        .hasMessage("broken block");
  }
}
