package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;

class BlockQuantiserProperties {

  private static final int[] SIZES = {32, 64, 128};

  private static BlockFormat format(boolean four, int size) {
    return new BlockFormat(four ? 4 : 8, SIZES[size], Activations.FLOAT32);
  }

  /** Random values of several magnitudes, one in four zero. */
  private static float[] values(int count, long seed) {
    Random random = new Random(seed);
    float[] v = new float[count];
    for (int i = 0; i < count; i++) {
      double magnitude = Math.pow(10, random.nextInt(9) - 4);
      v[i] = random.nextInt(4) == 0 ? 0 : (float) (magnitude * random.nextGaussian());
    }
    return v;
  }

  private static float[] floats(WeightTensor tensor) {
    float[] v = new float[tensor.size()];
    tensor.data().get(v);
    return v;
  }

  /** Scales and levels read by hand; the bound and the values they stand for in float64. */
  @Property(tries = 300)
  void everyValueIsWithinHalfAScale(
      @ForAll boolean four,
      @ForAll @IntRange(max = 2) int size,
      @ForAll @IntRange(min = 1, max = 7) int out,
      @ForAll @IntRange(min = 1, max = 200) int in,
      @ForAll long seed) {
    BlockFormat format = format(four, size);
    float[] w = values(out * in, seed);
    QuantisedTensor q =
        BlockQuantiser.quantise(WeightTensor.of("w", new long[] {out, in}, w), false, format);
    float[] back = floats(q.dequantised());
    int block = format.blockSize();
    int blocks = (in + block - 1) / block;
    int zero = four ? 8 : 128;
    assertThat(q.scales().remaining()).isEqualTo(out * blocks);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < blocks * block; i++) {
        int b = o * blocks + i / block;
        int at = b * block + i % block;
        int level = four ? q.levels().get(at / 2) >> (at % 2 * 4) & 15 : q.levels().get(at) & 255;
        double scale = q.scales().get(b);
        if (i >= in) {
          assertThat(level).isEqualTo(zero);
          continue;
        }
        double value = scale * (level - zero);
        assertThat((double) back[o * in + i]).isEqualTo((double) (float) value);
        assertThat(Math.abs(w[o * in + i] - value))
            .isLessThanOrEqualTo(Math.abs(scale) / 2 * (1 + 1e-6));
        if (w[o * in + i] == 0) {
          assertThat(value).isZero();
        }
      }
    }
  }

  @Property(tries = 100)
  void whatLevelsStandForIsKeptExactly(
      @ForAll boolean four,
      @ForAll @IntRange(max = 2) int size,
      @ForAll @IntRange(min = 1, max = 150) int in,
      @ForAll @IntRange(min = -20, max = 20) int exponent,
      @ForAll long seed) {
    BlockFormat format = format(four, size);
    int zero = format.zero();
    Random random = new Random(seed);
    float[] w = new float[in];
    for (int i = 0; i < in; i++) {
      w[i] = Math.scalb((float) (random.nextInt(2 * zero) - zero), exponent);
      if (i % format.blockSize() == 0) {
        w[i] = Math.scalb((float) -zero, exponent);
      }
    }
    WeightTensor tensor = WeightTensor.of("w", new long[] {1, in}, w);
    assertThat(floats(BlockQuantiser.quantise(tensor, false, format).dequantised()))
        .containsExactly(w);
  }

  @Property(tries = 100)
  void inputsAsRowsGiveTheSameLevels(
      @ForAll boolean four,
      @ForAll @IntRange(min = 1, max = 40) int out,
      @ForAll @IntRange(min = 1, max = 140) int in,
      @ForAll long seed) {
    BlockFormat format = format(four, 1);
    float[] w = values(out * in, seed);
    float[] transposed = new float[out * in];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        transposed[i * out + o] = w[o * in + i];
      }
    }
    QuantisedTensor rows =
        BlockQuantiser.quantise(WeightTensor.of("w", new long[] {out, in}, w), false, format);
    QuantisedTensor columns =
        BlockQuantiser.quantise(
            WeightTensor.of("w", new long[] {in, out}, transposed), true, format);
    assertThat(columns.levels()).isEqualTo(rows.levels());
    assertThat(columns.scales()).isEqualTo(rows.scales());
    float[] expected = floats(rows.dequantised());
    float[] found = floats(columns.dequantised());
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        assertThat(found[i * out + o]).isEqualTo(expected[o * in + i]);
      }
    }
  }
}
