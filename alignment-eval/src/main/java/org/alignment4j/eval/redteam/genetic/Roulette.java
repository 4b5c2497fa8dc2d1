package org.alignment4j.eval.redteam.genetic;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws with probabilities that are the softmax of scores. Pure functions. */
final class Roulette {

  private Roulette() {}

  /** Returns the softmax; the greatest score is taken off first, so that nothing overflows. */
  static double[] softmax(double[] scores) {
    double highest = Arrays.stream(scores).max().orElse(Double.NaN);
    double[] weights = Arrays.stream(scores).map(score -> Math.exp(score - highest)).toArray();
    double total = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / total).toArray();
  }

  /**
   * Draws an index.
   *
   * @param probabilities that sum to 1
   */
  static int draw(double[] probabilities, SplittableRandom random) {
    double at = random.nextDouble();
    for (int i = 0; i < probabilities.length; i++) {
      at -= probabilities[i];
      if (at < 0) {
        return i;
      }
    }
    // Rounding may leave a little.
    return probabilities.length - 1;
  }
}
