package org.alignment4j.oversight.study;

import org.apiguardian.api.API;

/**
 * The Brier score (1950) of a verdict that gives one option a probability: half the sum over the
 * options of {@code (p − y)²}, from 0 (best) to 1, where y is 1 for the right option and 0 for
 * others, and the others share evenly what the chosen option leaves. Of two options it is the
 * squared error of the right one's probability. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ChoiceBrier {
  private ChoiceBrier() {}

  /**
   * Returns the score of a verdict.
   *
   * @param probability of the chosen option, from 0 to 1
   * @param right whether the chosen option is the right one
   * @param options how many there are, at least 2
   * @throws IllegalArgumentException if a value is out of range
   */
  public static double of(double probability, boolean right, int options) {
    requireOptions(options);
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be from 0 to 1 but was " + probability);
    }
    double left = 1 - probability;
    double each = left / (options - 1);
    double ofOthers = (options - 2) * each * each;
    if (right) {
      return (left * left + each * each + ofOthers) / 2;
    }
    return (probability * probability + (1 - each) * (1 - each) + ofOthers) / 2;
  }

  /**
   * Returns the score of always giving every option the same probability: {@code (k − 1)/2k}, ¼ of
   * two options.
   *
   * @param options how many there are, at least 2
   * @throws IllegalArgumentException if there are fewer
   */
  public static double uniform(int options) {
    requireOptions(options);
    return (options - 1) / (2.0 * options);
  }

  private static void requireOptions(int options) {
    if (options < 2) {
      throw new IllegalArgumentException("options must be at least 2 but were " + options);
    }
  }
}
