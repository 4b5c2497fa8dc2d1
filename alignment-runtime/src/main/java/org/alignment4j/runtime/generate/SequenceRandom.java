package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Uniform random numbers of one sequence, a pure function of seed, sequence index and step: neither
 * the batch a sequence is in nor the order of draws changes them.
 *
 * <p>Algorithm, with {@code mix} the finaliser of SplitMix64 (Steele, Lea, Flood 2014; variant 13
 * of Stafford) and {@code g = 0x9e3779b97f4a7c15}: {@code key = mix(mix(seed + g) + g·(index +
 * 1))}, {@code u = (mix(key + g·(step + 1)) >>> 11)·2^-53}.
 *
 * @param seed chosen by the user
 * @param sequence index of the sequence in the call
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequenceRandom(long seed, long sequence) {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * Returns the number of one step.
   *
   * @param step index of the generated token
   * @return a multiple of 2^-53 in [0, 1)
   */
  public double uniform(long step) {
    long key = mix(mix(seed + GAMMA) + GAMMA * (sequence + 1));
    return (mix(key + GAMMA * (step + 1)) >>> 11) * 0x1p-53;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
