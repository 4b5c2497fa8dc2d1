package org.alignment4j.interp.superposition;

import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/** How features occur together. A feature that occurs is uniform in [0, 1). Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum FeatureDistribution {
  /** Each by itself. */
  INDEPENDENT,
  /** Pairs {@code (0, 1), (2, 3), …} occur together or not at all. */
  CORRELATED_PAIRS,
  /** Of each pair at most one occurs, either as often. */
  ANTICORRELATED_PAIRS;

  /**
   * Draws one input.
   *
   * @param x written, {@code [n]} from {@code start} on
   * @param start the first place
   * @param n number of features
   * @param probability that a feature occurs, {@code 1 − S}; at most 1/2 for anticorrelated ones
   * @param random draws
   */
  void draw(double[] x, int start, int n, double probability, RandomGenerator random) {
    if (this == INDEPENDENT) {
      for (int i = 0; i < n; i++) {
        x[start + i] = random.nextDouble() < probability ? random.nextDouble() : 0;
      }
      return;
    }
    for (int i = 0; i < n; i += 2) {
      double first = random.nextDouble();
      boolean both = this == CORRELATED_PAIRS && first < probability;
      boolean one = this == ANTICORRELATED_PAIRS && first < probability;
      boolean other =
          this == ANTICORRELATED_PAIRS && first >= probability && first < 2 * probability;
      x[start + i] = both || one ? random.nextDouble() : 0;
      if (i + 1 < n) {
        x[start + i + 1] = both || other ? random.nextDouble() : 0;
      }
    }
  }
}
