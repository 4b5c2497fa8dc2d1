package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

  @Test
  void readsEveryBinary16Value() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      Float expected = naive(bits, 5, 10);
      assertThat(HalfPrecision.fromF16((short) bits)).as("%04x", bits).isEqualTo(expected);
      assertThat(isNegative(HalfPrecision.fromF16((short) bits))).isEqualTo(bits >= 0x8000);
    }
  }

  @Test
  void readsEveryBfloat16Value() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      Float expected = naive(bits, 8, 7);
      assertThat(HalfPrecision.fromBf16((short) bits)).as("%04x", bits).isEqualTo(expected);
      assertThat(isNegative(HalfPrecision.fromBf16((short) bits))).isEqualTo(bits >= 0x8000);
    }
  }

  @Test
  void writesEveryBinary16ValueBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.fromF16((short) bits);
      int back = HalfPrecision.toF16(value) & 0xffff;
      if (Float.isNaN(value)) {
        assertThat(HalfPrecision.fromF16((short) back)).isNaN();
      } else {
        assertThat(back).isEqualTo(bits);
      }
    }
  }

  @Test
  void roundsToTheNearestAndTiesToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = HalfPrecision.fromF16((short) bits);
      float high = HalfPrecision.fromF16((short) (bits + 1));
      float middle = (low + high) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertThat((int) HalfPrecision.toF16(middle)).as("%04x", bits).isEqualTo(even);
      assertThat((int) HalfPrecision.toF16(Math.nextDown(middle))).isEqualTo(bits);
      assertThat((int) HalfPrecision.toF16(Math.nextUp(middle))).isEqualTo(bits + 1);
      assertThat((int) HalfPrecision.toF16(-middle)).isEqualTo((short) (even | 0x8000));
    }
  }

  @Test
  void overflowsFromHalfwayBeyondTheLargest() {
    assertThat(HalfPrecision.fromF16(HalfPrecision.toF16(Math.nextDown(65520f)))).isEqualTo(65504);
    assertThat(HalfPrecision.fromF16(HalfPrecision.toF16(65520f))).isInfinite();
    assertThat(HalfPrecision.fromF16(HalfPrecision.toF16(-Float.MAX_VALUE)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void randomValuesAreWithinHalfAStep() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      float value = (float) random.nextDouble(-60_000, 60_000);
      float back = HalfPrecision.fromF16(HalfPrecision.toF16(value));
      assertThat(Math.abs(back - value)).isLessThanOrEqualTo(Math.abs(value) * 0x1p-11f);
    }
  }

  /** Of the two upper halves around a value the nearer is taken, at a tie the even one. */
  @Test
  void bfloat16IsTheNearest() {
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 10_000; i++) {
      int bits = random.nextInt();
      bits = i % 10 == 0 ? (bits & 0xffff0000) | 0x8000 : bits;
      float value = Float.intBitsToFloat(bits);
      short found = HalfPrecision.toBf16(value);
      if (Float.isNaN(value)) {
        assertThat(HalfPrecision.fromBf16(found)).isNaN();
        continue;
      }
      int lower = bits >>> 16;
      double below = naive(lower, 8, 7);
      // Past the largest finite value lies 2^128 for rounding, which is then infinite.
      boolean last = (lower & 0x7fff) == 0x7f7f;
      double above = last ? Math.copySign(0x1p128, value) : naive(lower + 1, 8, 7);
      double toBelow = Math.abs(value - below);
      double toAbove = Math.abs(above - value);
      boolean up = toAbove < toBelow || (toAbove == toBelow && lower % 2 == 1);
      if (Float.isFinite(value)) {
        assertThat(found & 0xffff).as("%x", bits).isEqualTo(up ? lower + 1 : lower);
      }
    }
    assertThat(HalfPrecision.fromBf16(HalfPrecision.toBf16(Float.NEGATIVE_INFINITY)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
  }

  /** The definition of IEEE 754 interchange formats, in float64. */
  private static float naive(int bits, int exponentBits, int fractionBits) {
    int sign = bits >>> 15;
    int exponent = (bits >>> fractionBits) & ((1 << exponentBits) - 1);
    int fraction = bits & ((1 << fractionBits) - 1);
    int bias = (1 << (exponentBits - 1)) - 1;
    double unit = Math.pow(2, -fractionBits);
    double magnitude;
    if (exponent == (1 << exponentBits) - 1) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = fraction * unit * Math.pow(2, 1 - bias);
    } else {
      magnitude = (1 + fraction * unit) * Math.pow(2, exponent - bias);
    }
    return (float) (sign == 0 ? magnitude : -magnitude);
  }

  private static boolean isNegative(float value) {
    return Float.floatToRawIntBits(value) < 0;
  }
}
