package org.alignment4j.rlhf;

import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;

/** How often differences have the sign that uncertain labels say. */
final class ExpectedAgreement {

  /** Quantile of the standard normal distribution at 0.975. */
  private static final double Z = 1.959963984540054;

  private ExpectedAgreement() {}

  /**
   * The expected share of agreements, with Wilson's score interval (Wilson 1927) at a real number
   * of successes; differences of exactly 0 are unscored.
   *
   * @param differences first answer minus second
   * @param probabilities that the first answer is the better one
   */
  static Estimate of(double[] differences, double[] probabilities) {
    double agreements = 0;
    long ties = 0;
    for (int i = 0; i < differences.length; i++) {
      if (differences[i] == 0) {
        ties++;
      } else {
        agreements += differences[i] > 0 ? probabilities[i] : 1 - probabilities[i];
      }
    }
    return Estimates.withMissing(wilson(agreements, differences.length - ties), ties, 0);
  }

  private static Estimate wilson(double successes, long n) {
    if (successes == Math.rint(successes)) {
      return Estimates.proportion((long) successes, n);
    }
    double p = successes / n;
    double square = Z * Z / n;
    double centre = (p + square / 2) / (1 + square);
    double half = Math.sqrt(p * (1 - p) * square + square * square / 4) / (1 + square);
    double error = Math.sqrt(p * (1 - p) / n);
    return new Estimate(
        p, error, centre - half, centre + half, Estimates.DEFAULT_CONFIDENCE, n, n, 0, 0);
  }
}
