package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Uniform random numbers of one sequence, a pure function of seed, sequence and step: neither the
 * batch a sequence is in nor the order of draws changes them.
 *
 * <p>Algorithm, with {@code mix} the finaliser of SplitMix64 (Steele, Lea, Flood 2014; variant 13
 * of Stafford) and {@code g = 0x9e3779b97f4a7c15}: {@code key = mix(mix(seed + g) + g·(index +
 * 1))}, {@code u = (mix(key + g·(step + 1)) >>> 11)·2^-53}.
 *
 * @param seed chosen by the user
 * @param sequence tells sequences of one seed apart
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequenceRandom(long seed, long sequence) {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * The numbers of one sample of a prompt's completions; they depend on nothing else of a call.
   *
   * <p>Algorithm: {@code h = mix(n + g)} of the prompt's length n, {@code h = mix(h + g·(t + 1))}
   * for each of its tokens t in order, and the sequence is {@code mix(h + g·(sample + 1))}.
   *
   * @param seed chosen by the user
   * @param prompt token ids
   * @param sample number of the sample
   * @return the numbers
   */
  public static SequenceRandom ofSample(long seed, int[] prompt, long sample) {
    long hash = mix(prompt.length + GAMMA);
    for (int token : prompt) {
      hash = mix(hash + GAMMA * (token + 1L));
    }
    return new SequenceRandom(seed, mix(hash + GAMMA * (sample + 1)));
  }

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
