package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How observations are divided among clusters, and what that means for the error of their mean.
 *
 * @param shares share of the observations in each cluster, in the order of first appearance
 * @param n observations
 */
record ClusterSizes(double[] shares, int n) {

  static ClusterSizes of(int[] clusters) {
    Map<Integer, Integer> sizes = new LinkedHashMap<>();
    for (int cluster : clusters) {
      sizes.merge(cluster, 1, Integer::sum);
    }
    double n = clusters.length;
    return new ClusterSizes(
        sizes.values().stream().mapToDouble(size -> size / n).toArray(), clusters.length);
  }

  int count() {
    return shares.length;
  }

  /** Number of clusters of equal size with the same sum of squared shares; NaN of nothing. */
  double effective() {
    // A sum of C reciprocals may exceed its bound by rounding.
    return count() == 0 ? Double.NaN : Math.min(count(), 1 / squaredShares());
  }

  /**
   * The bias-reduced standard error of a mean; NaN below two clusters.
   *
   * @param sums sum of the deviations of each cluster, in the order of first appearance
   */
  double standardError(double[] sums) {
    if (count() < 2) {
      return Double.NaN;
    }
    double squares = 0;
    for (int c = 0; c < sums.length; c++) {
      squares += sums[c] * sums[c] / (1 - shares[c]);
    }
    return Math.sqrt(squares) / n;
  }

  /**
   * Satterthwaite's degrees of freedom of the squared error under independent observations (Bell
   * and McCaffrey 2002); NaN below two clusters.
   */
  double degreesOfFreedom() {
    if (count() < 2) {
      return Double.NaN;
    }
    double sum = 0;
    double squares = 0;
    for (double share : shares) {
      double g = share * share / (1 - share);
      sum += g;
      squares += g * g;
    }
    return 1 / (squaredShares() + sum * sum - squares);
  }

  private double squaredShares() {
    return Arrays.stream(shares).map(h -> h * h).sum();
  }
}
