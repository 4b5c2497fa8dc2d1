package org.alignment4j.interp.feature.train;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on a seed and a count only, so that nothing of them is to be saved.
 */
final class Seeds {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Seeds() {}

  static SplittableRandom random(long seed, long count) {
    return new SplittableRandom(new SplittableRandom(seed + count * GOLDEN_GAMMA).nextLong());
  }
}
