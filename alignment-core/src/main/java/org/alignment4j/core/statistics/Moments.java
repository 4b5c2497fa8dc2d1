package org.alignment4j.core.statistics;

import java.util.HashMap;
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
    if (Double.isInfinite(mean)) {
      mean = 0;
      for (double value : values) {
        mean += value / values.length;
      }
      return mean;
    }
    double rest = 0;
    for (double value : values) {
      rest += value - mean;
    }
    double corrected = mean + rest / values.length;
    return Double.isFinite(corrected) ? corrected : mean;
  }

  /** The sample deviation (divisor n − 1), also where squares leave the range of a double. */
  static double deviation(double[] values) {
    double mean = mean(values);
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value - mean));
    }
    if (largest == 0 || largest > 1e-140 && largest < 1e140) {
      return Math.sqrt(squares(values, mean) / (values.length - 1));
    }
    double sum = 0;
    for (double value : values) {
      double scaled = (value - mean) / largest;
      sum += scaled * scaled;
    }
    return largest * Math.sqrt(sum / (values.length - 1));
  }

  /** The unit to which a value is rounded; 0 of a whole number, which is taken to be exact. */
  static double rounding(double value) {
    return value == Math.rint(value) ? 0 : Math.ulp(value);
  }

  /** Whether all values are equal, so that they do not show how far others may lie. */
  static boolean constant(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }

  static double squares(double[] values, double mean) {
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }

  /**
   * Sum of the deviations of each cluster, in the order of first appearance; 0 where it is nothing
   * but rounding, so that clusters of equal means do not seem to differ by it.
   */
  static double[] clusterSums(double[] values, double mean, int[] clusters) {
    Map<Integer, Double> sums = new LinkedHashMap<>();
    Map<Integer, Integer> sizes = new HashMap<>();
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      sums.merge(clusters[i], values[i] - mean, Double::sum);
      sizes.merge(clusters[i], 1, Integer::sum);
      largest = Math.max(largest, Math.abs(values[i]));
    }
    double unit = 2 * Math.ulp(largest);
    sums.replaceAll(
        (cluster, sum) -> Math.abs(sum) <= unit * sizes.getOrDefault(cluster, 1) ? 0 : sum);
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
