package org.alignment4j.rlhf.merge;

/** Order statistics of magnitudes without a copy of the values. */
final class Magnitudes {

  private static final int HALF = 16;
  private static final int LOW = (1 << HALF) - 1;

  private Magnitudes() {}

  /**
   * The k-th largest magnitude: the bits of floats that are not negative order as they do, so that
   * two counts, of their upper and then of their lower halves, find it.
   *
   * @param values finite
   * @param k from 1 to their number
   */
  static float largest(float[] values, int k) {
    int[] counts = new int[1 << HALF];
    for (float value : values) {
      counts[bits(value) >>> HALF]++;
    }
    int left = k;
    int upper = counts.length - 1;
    while (counts[upper] < left) {
      left -= counts[upper--];
    }
    int[] lower = new int[1 << HALF];
    for (float value : values) {
      if (bits(value) >>> HALF == upper) {
        lower[bits(value) & LOW]++;
      }
    }
    int low = lower.length - 1;
    while (lower[low] < left) {
      left -= lower[low--];
    }
    return Float.intBitsToFloat(upper << HALF | low);
  }

  private static int bits(float value) {
    return Float.floatToRawIntBits(Math.abs(value));
  }
}
