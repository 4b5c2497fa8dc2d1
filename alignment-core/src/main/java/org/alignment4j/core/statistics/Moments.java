package org.alignment4j.core.statistics;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sums of finite observations. */
final class Moments {

  private Moments() {}

  /** The mean, or NaN of nothing; corrected once for the rounding of the sum. */
  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double rest = 0;
    for (double value : values) {
      rest += value - mean;
    }
    return mean + rest / values.length;
  }

  static double squares(double[] values, double mean) {
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }

  /** Sum of the deviations of each cluster, in the order of first appearance. */
  static double[] clusterSums(double[] values, double mean, int[] clusters) {
    Map<Integer, Double> sums = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      sums.merge(clusters[i], values[i] - mean, Double::sum);
    }
    return sums.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  static long count(boolean[] outcomes) {
    long count = 0;
    for (boolean outcome : outcomes) {
      count += outcome ? 1 : 0;
    }
    return count;
  }
}
