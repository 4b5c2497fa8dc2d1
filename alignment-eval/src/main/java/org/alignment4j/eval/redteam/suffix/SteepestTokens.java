package org.alignment4j.eval.redteam.suffix;

import java.util.Arrays;

/** The tokens towards which a loss falls most. Pure functions. */
final class SteepestTokens {
  private static final int SIGN = 0x7fffffff;

  private SteepestTokens() {}

  /**
   * Returns the allowed tokens of the least gradient, least first; of equal ones the lower id.
   *
   * @param gradient of the loss with respect to one-hot tokens, {@code [vocabulary]}
   * @param allowed which tokens may be taken
   * @param k most tokens
   */
  static int[] of(float[] gradient, AllowedTokens allowed, int k) {
    long[] keys = new long[gradient.length];
    int count = 0;
    for (int id = 0; id < gradient.length; id++) {
      if (allowed.contains(id) && !Float.isNaN(gradient[id])) {
        keys[count++] = ((long) ordered(gradient[id]) << Integer.SIZE) | id;
      }
    }
    Arrays.sort(keys, 0, count);
    int[] ids = new int[Math.min(k, count)];
    Arrays.setAll(ids, i -> (int) keys[i]);
    return ids;
  }

  /** An integer in the order of the number. */
  private static int ordered(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits >= 0 ? bits : bits ^ SIGN;
  }
}
