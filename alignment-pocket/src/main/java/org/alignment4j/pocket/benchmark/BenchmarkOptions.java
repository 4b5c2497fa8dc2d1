package org.alignment4j.pocket.benchmark;

/**
 * Sizes of the sets that can have any size, and the noise of feedback.
 *
 * @param seed chooses one of many feedback sets about a world; the held-out sets do not depend on
 *     it
 * @param feedbackRows rows of each feedback set
 * @param noise probability that an annotator errs in a preference or label, from 0 to 1; texts do
 *     not depend on it
 * @param passages how many passages to debate
 */
public record BenchmarkOptions(long seed, int feedbackRows, double noise, int passages) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a size is negative or the noise is no probability
   */
  public BenchmarkOptions {
    notNegative("feedbackRows", feedbackRows);
    notNegative("passages", passages);
    if (!(noise >= 0 && noise <= 1)) {
      throw new IllegalArgumentException("noise must lie between 0 and 1 but was " + noise);
    }
  }

  /** 2000 rows of each feedback set without noise, and 400 passages. */
  public static BenchmarkOptions defaults() {
    return new BenchmarkOptions(1, 2000, 0, 400);
  }

  /** The same with other noise. */
  public BenchmarkOptions withNoise(double noise) {
    return new BenchmarkOptions(seed, feedbackRows, noise, passages);
  }

  private static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }
}
