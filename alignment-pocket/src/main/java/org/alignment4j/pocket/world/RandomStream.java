package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;

/**
 * A seeded stream of random draws named after its use, so that no two uses share draws and a draw
 * depends on nothing but seed, use and index. The generator is SplitMix64 (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", 2014), written out here so that the texts of a
 * seed stay the same on every JDK. Not thread-safe.
 */
final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  RandomStream(long seed, String use, long... indices) {
    long mixed = mix(seed + GOLDEN_GAMMA);
    for (int i = 0; i < use.length(); i++) {
      mixed = mix((mixed ^ use.charAt(i)) + GOLDEN_GAMMA);
    }
    for (long index : indices) {
      mixed = mix((mixed ^ mix(index + GOLDEN_GAMMA)) + GOLDEN_GAMMA);
    }
    state = mixed;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** A uniform draw from 0 (inclusive) to 1 (exclusive). */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** A uniform draw from 0 (inclusive) to {@code bound} (exclusive). */
  int nextInt(int bound) {
    return (int) (nextDouble() * bound);
  }

  boolean chance(double probability) {
    return nextDouble() < probability;
  }

  <T> T pick(List<T> choices) {
    return choices.get(nextInt(choices.size()));
  }

  /** A new list with the same elements in random order (Fisher-Yates). */
  <T> List<T> shuffled(List<T> elements) {
    List<T> result = new ArrayList<>(elements);
    for (int i = result.size() - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      T swapped = result.get(i);
      result.set(i, result.get(j));
      result.set(j, swapped);
    }
    return result;
  }
}
