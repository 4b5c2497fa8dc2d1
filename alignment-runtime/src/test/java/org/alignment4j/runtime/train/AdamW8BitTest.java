package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.junit.jupiter.api.Test;

class AdamW8BitTest {
  private static final AdamWConfig ADAM =
      AdamWConfig.defaults().betas(0.9, 0.95).weightDecay(0.1, Decayed.MATRICES);

  /** The map as the published code makes it: middles of equal parts of each decade, 0 and 1. */
  private static double[] map(boolean signed) {
    TreeSet<Double> map = new TreeSet<>(List.of(0.0, 1.0));
    for (int i = 0; i < 7; i++) {
      int boundaries = (1 << (signed ? i : i + 1)) + 1;
      double step = 0.9 / (boundaries - 1);
      for (int k = 0; k + 1 < boundaries; k++) {
        double middle = (0.1 + k * step + 0.1 + (k + 1) * step) / 2 * Math.pow(10, i - 6);
        map.add(middle);
        if (signed) {
          map.add(-middle);
        }
      }
    }
    return map.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static int nearest(double[] map, double x) {
    int best = 0;
    for (int i = 1; i < map.length; i++) {
      if (Math.abs(map[i] - x) < Math.abs(map[best] - x)) {
        best = i;
      }
    }
    return best;
  }

  @Test
  void theMapsAreThePublishedOnes() {
    for (boolean signed : new boolean[] {true, false}) {
      double[] expected = map(signed);
      assertThat(expected).hasSize(256);
      DynamicMap map = signed ? DynamicMap.signed() : DynamicMap.unsigned();
      for (int code = 0; code < 256; code++) {
        assertThat(map.value((byte) code)).isEqualTo((float) expected[code]);
        assertThat(map.nearest((float) expected[code])).isEqualTo((byte) code);
      }
    }
  }

  @Test
  void codesAreThoseOfTheNearestNumbers() {
    Random random = new Random(5);
    for (boolean signed : new boolean[] {true, false}) {
      double[] expected = map(signed);
      DynamicMap map = signed ? DynamicMap.signed() : DynamicMap.unsigned();
      for (int i = 0; i < 20_000; i++) {
        double magnitude = Math.pow(10, -8 * random.nextDouble());
        float x = (float) (signed && random.nextBoolean() ? -magnitude : magnitude);
        double chosen = map.value(map.nearest(x));
        double best = expected[nearest(expected, x)];
        assertThat(Math.abs(chosen - x)).isLessThanOrEqualTo(Math.abs(best - x) + 1e-7 * magnitude);
      }
      assertThat(map.value(map.nearest(0))).isZero();
      assertThat(map.value(map.nearest(Float.MIN_VALUE))).isZero();
    }
  }

  @Test
  void whatIsReadIsTheNearestMultipleOfTheLargest() {
    Random random = new Random(6);
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (i < 256 ? 1e-9 : 1e3));
    }
    QuantisedMoments moments = new QuantisedMoments(DynamicMap.signed(), 256, values.length);
    moments.write(0, values, values.length, false);
    float[] read = new float[values.length];
    moments.read(0, read, read.length);
    double[] map = map(true);
    for (int block = 0; block < values.length; block += 256) {
      int end = Math.min(block + 256, values.length);
      float largest = 0;
      for (float v : Arrays.copyOfRange(values, block, end)) {
        largest = Math.max(largest, Math.abs(v));
      }
      for (int i = block; i < end; i++) {
        double expected = map[nearest(map, values[i] / (double) largest)] * largest;
        assertThat(Math.abs(read[i] - values[i]))
            .isLessThanOrEqualTo((float) Math.abs(expected - values[i]) * 1.001f + largest * 1e-6f);
      }
    }
  }

  @Test
  void anOverflownMomentSpoilsNoOther() {
    QuantisedMoments moments = new QuantisedMoments(DynamicMap.unsigned(), 32, 3);
    moments.write(0, new float[] {Float.POSITIVE_INFINITY, 0, 1}, 3, true);
    float[] read = new float[3];
    moments.read(0, read, 3);
    assertThat(read[0]).isEqualTo(Float.MAX_VALUE);
    assertThat(read[1]).isZero();
    assertThat(read[2]).isFinite();
  }

  private static FlatParameters matrix(int rows, int columns) {
    return FlatParameters.zeros(FlatLayout.of(Map.of("w", List.of(rows, columns))));
  }

  /** Quadratics of curvatures from 0.1 to 10: both optimisers go the same way to the same place. */
  @Test
  void staysNearAdamWOf32Bits() {
    FlatParameters bytes = matrix(64, 128);
    FlatParameters floats = matrix(64, 128);
    OptimizerCases.fill(bytes, 1, 1);
    OptimizerCases.fill(floats, 1, 1);
    AdamWConfig adam = AdamWConfig.defaults();
    Optimizer small = AdamW8BitConfig.of(adam).create(bytes, Runnable::run, 1);
    Optimizer whole = adam.create(floats, Runnable::run, 1);
    double start = norm(bytes);
    for (int t = 0; t < 150; t++) {
      quadratic(small, bytes);
      quadratic(whole, floats);
    }
    double squares = 0;
    for (int i = 0; i < 64 * 128; i++) {
      double d = bytes.slice("w").get(i) - floats.slice("w").get(i);
      squares += d * d;
    }
    assertThat(norm(floats)).isLessThan(0.4 * start);
    assertThat(norm(bytes)).isCloseTo(norm(floats), within(0.05 * start));
    assertThat(Math.sqrt(squares)).isLessThan(0.1 * start);
  }

  private static void quadratic(Optimizer optimizer, FlatParameters p) {
    FlatParameters g = FlatParameters.zeros(p.layout());
    for (int i = 0; i < 64 * 128; i++) {
      g.slice("w").put(i, (float) (p.slice("w").get(i) * Math.pow(10, i % 3 - 1)));
    }
    optimizer.update(g, 1, 1e-2, Double.POSITIVE_INFINITY);
  }

  private static double norm(FlatParameters p) {
    double s = 0;
    for (int i = 0; i < p.slice("w").capacity(); i++) {
      s += (double) p.slice("w").get(i) * p.slice("w").get(i);
    }
    return Math.sqrt(s);
  }

  @Test
  void smallTensorsAreAdamWInEveryBit() {
    FlatParameters bytes = FlatParameters.zeros(OptimizerCases.small());
    FlatParameters floats = FlatParameters.zeros(bytes.layout());
    FlatParameters gradients = FlatParameters.zeros(bytes.layout());
    OptimizerCases.fill(bytes, 1, 1);
    OptimizerCases.fill(floats, 1, 1);
    Optimizer small = AdamW8BitConfig.of(ADAM).create(bytes, Runnable::run, 1);
    Optimizer whole = ADAM.create(floats, Runnable::run, 1);
    for (int t = 0; t < 5; t++) {
      OptimizerCases.fill(gradients, t, 1);
      small.update(gradients, 1, 1e-2, 1);
      whole.update(gradients, 1, 1e-2, 1);
    }
    assertThat(OptimizerCases.floats(bytes)).isEqualTo(OptimizerCases.floats(floats));
  }

  /** A rare small gradient beside large ones, as rows of an embedding have. */
  @Test
  void aSmallGradientBesideLargeOnesNeverMakesAHugeStep() {
    FlatParameters parameters = matrix(1, 256);
    FlatParameters gradients = FlatParameters.zeros(parameters.layout());
    Optimizer optimizer =
        new AdamW8BitConfig(AdamWConfig.defaults(), 256, 0).create(parameters, Runnable::run, 1);
    for (int t = 0; t < 20; t++) {
      for (int i = 1; i < 256; i++) {
        gradients.slice("w").put(i, 1);
      }
      gradients.slice("w").put(0, t == 0 ? 1e-4f : 0);
      optimizer.update(gradients, 1, 1e-3, Double.POSITIVE_INFINITY);
      assertThat(Math.abs(parameters.slice("w").get(0))).isLessThan(1e-3f * (t + 2));
    }
  }

  @Test
  void aQuarterOfTheStateIsLeft() {
    FlatParameters parameters = matrix(64, 128);
    long bytes =
        AdamW8BitConfig.of(ADAM).create(parameters, Runnable::run, 1).state().stream()
            .mapToLong(StateTensor::byteCount)
            .sum();
    assertThat(bytes).isEqualTo(2 * (64 * 128 + 32 * 4));
  }
}
