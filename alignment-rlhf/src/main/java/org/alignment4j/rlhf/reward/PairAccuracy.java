package org.alignment4j.rlhf.reward;

import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;

/** How often a difference has the right sign, ties counted one half. */
final class PairAccuracy {

  /** Quantile of the standard normal distribution at 0.975. */
  static final double Z = 1.959963984540054;

  private PairAccuracy() {}

  /** 1 for a positive difference, one half for none, 0 for a negative one. */
  static double hit(double difference) {
    return difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
  }

  /**
   * The share of hits with Wilson's score interval (Wilson 1927). A tie varies less than a hit or a
   * miss, so with ties the interval is wider than it need be.
   */
  static Estimate of(double[] differences) {
    int n = differences.length;
    if (n == 0) {
      return Estimates.proportion(0, 0);
    }
    double hits = 0;
    for (double difference : differences) {
      hits += hit(difference);
    }
    double p = hits / n;
    double square = Z * Z / n;
    double centre = (p + square / 2) / (1 + square);
    double half = Math.sqrt(p * (1 - p) * square + square * square / 4) / (1 + square);
    return new Estimate(
        p,
        Math.sqrt(p * (1 - p) / n),
        p == 0 ? 0 : centre - half,
        p == 1 ? 1 : centre + half,
        Estimates.DEFAULT_CONFIDENCE,
        n,
        n,
        0,
        0);
  }
}
