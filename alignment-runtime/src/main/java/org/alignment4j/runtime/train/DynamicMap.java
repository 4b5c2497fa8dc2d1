package org.alignment4j.runtime.train;

/**
 * The 256 numbers in [-1, 1] or [0, 1] that 8 bits stand for in dynamic quantisation (Dettmers et
 * al. 2022, arXiv 2110.02861, section 2 and appendix F), as bitsandbytes' {@code
 * create_dynamic_map} makes them: for each exponent {@code e = 0..6} the interval {@code
 * 10^(e-6)·[0.1, 1]} is cut into {@code 2^e} equal parts with a sign and into {@code 2^(e+1)}
 * without, and the middles of the parts are numbers of the map, with both signs where it has one;
 * then 0 and 1. A code is the index in ascending order. Immutable.
 */
final class DynamicMap {
  private static final int EXPONENTS = 7;
  private static final int CODES = 256;

  /** Low bits of a float that the table of first guesses ignores: 7 bits of fraction stay. */
  private static final int IGNORED = 16;

  private final float[] values = new float[CODES];
  private final int zero;

  /** Middles between neighbouring magnitudes; above the i-th, magnitude i + 1 is nearer. */
  private final float[] middles;

  private final int firstCell;
  private final byte[] guesses;

  private DynamicMap(boolean signed) {
    float[] magnitudes = magnitudes(signed);
    this.zero = signed ? CODES / 2 - 1 : 0;
    for (int i = 0; i < magnitudes.length; i++) {
      values[zero + i] = magnitudes[i];
      if (i <= zero) {
        values[zero - i] = -magnitudes[i];
      }
    }
    values[zero] = 0;
    this.middles = new float[magnitudes.length];
    for (int i = 0; i + 1 < magnitudes.length; i++) {
      middles[i] = (float) (((double) magnitudes[i] + magnitudes[i + 1]) / 2);
    }
    middles[magnitudes.length - 1] = Float.POSITIVE_INFINITY;
    this.firstCell = Float.floatToRawIntBits(middles[0]) >>> IGNORED;
    this.guesses = new byte[(Float.floatToRawIntBits(1) >>> IGNORED) - firstCell + 1];
    for (int i = 0, k = 0; i < guesses.length; i++) {
      float lowest = Float.intBitsToFloat((i + firstCell) << IGNORED);
      while (lowest > middles[k]) {
        k++;
      }
      guesses[i] = (byte) k;
    }
  }

  /** Magnitudes in ascending order from 0 to 1. */
  private static float[] magnitudes(boolean signed) {
    float[] magnitudes = new float[signed ? CODES / 2 + 1 : CODES];
    int n = 1;
    for (int e = 0; e < EXPONENTS; e++) {
      int parts = signed ? 1 << e : 2 << e;
      double unit = Math.pow(10, e - (EXPONENTS - 1));
      for (int i = 0; i < parts; i++) {
        magnitudes[n++] = (float) (unit * (0.1 + 0.9 * (i + 0.5) / parts));
      }
    }
    magnitudes[n] = 1;
    return magnitudes;
  }

  /** The map of numbers in [-1, 1], for first moments. */
  static DynamicMap signed() {
    return new DynamicMap(true);
  }

  /** The map of numbers in [0, 1], for second moments. */
  static DynamicMap unsigned() {
    return new DynamicMap(false);
  }

  /** The number a code stands for. */
  float value(byte code) {
    return values[code & 0xff];
  }

  /**
   * The code of the number nearest to {@code x}; of two equally near ones, that nearer to 0.
   *
   * @param x in [-1, 1], or [0, 1] without sign
   */
  byte nearest(float x) {
    float magnitude = Math.abs(x);
    int cell = (Float.floatToRawIntBits(magnitude) >>> IGNORED) - firstCell;
    // An overflown second moment over an infinite scale is not a number; it stays the largest.
    int k = guesses[Math.max(0, Math.min(cell, guesses.length - 1))] & 0xff;
    while (magnitude > middles[k]) {
      k++;
    }
    return (byte) (x < 0 ? zero - Math.min(k, zero) : zero + k);
  }
}
