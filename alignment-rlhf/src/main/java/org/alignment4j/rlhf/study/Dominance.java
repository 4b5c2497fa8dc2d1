package org.alignment4j.rlhf.study;

/** Pareto dominance where more is better in every objective. */
final class Dominance {

  private Dominance() {}

  /**
   * Whether each point is dominated: another is at least as good in every objective and better in
   * one.
   *
   * @param points values by point and objective
   */
  static boolean[] of(double[][] points) {
    boolean[] dominated = new boolean[points.length];
    for (int i = 0; i < points.length; i++) {
      for (double[] other : points) {
        dominated[i] |= dominates(other, points[i]);
      }
    }
    return dominated;
  }

  private static boolean dominates(double[] one, double[] other) {
    boolean better = false;
    for (int k = 0; k < one.length; k++) {
      if (!(one[k] >= other[k])) {
        return false;
      }
      better |= one[k] > other[k];
    }
    return better;
  }
}
