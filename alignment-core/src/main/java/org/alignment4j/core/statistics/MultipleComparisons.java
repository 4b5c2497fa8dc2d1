package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.Comparator;
import org.apiguardian.api.API;

/**
 * Adjusted p-values for several tests at once: a test is significant at a level when its adjusted
 * p-value is at most that level. Adjusted values keep the order of the raw ones, equal ones stay
 * equal. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class MultipleComparisons {

  private MultipleComparisons() {}

  /**
   * Returns p-values adjusted by Holm's step-down method (Holm 1979): {@code max_{j ≤ i} min(1,
   * (m−j+1) · p₍ⱼ₎)}. Bounds the probability of any false finding, whatever the dependence between
   * the tests.
   *
   * @param pValues raw p-values in [0, 1]
   * @return adjusted values in the order of the raw ones
   * @throws IllegalArgumentException if a value is NaN or outside [0, 1], named by its index
   */
  public static double[] holm(double[] pValues) {
    Checks.requireProbabilities("pValues", pValues);
    int m = pValues.length;
    Integer[] order = ascending(pValues);
    double[] adjusted = new double[m];
    double largest = 0;
    for (int i = 0; i < m; i++) {
      largest = Math.max(largest, Math.min(1, (m - i) * pValues[order[i]]));
      adjusted[order[i]] = largest;
    }
    return adjusted;
  }

  /**
   * Returns p-values adjusted by the step-up method of Benjamini and Hochberg (1995): {@code min_{j
   * ≥ i} min(1, m · p₍ⱼ₎ / j)}. Bounds the expected share of false findings among the findings, for
   * independent or positively dependent tests.
   *
   * @param pValues raw p-values in [0, 1]
   * @return adjusted values in the order of the raw ones
   * @throws IllegalArgumentException if a value is NaN or outside [0, 1], named by its index
   */
  public static double[] benjaminiHochberg(double[] pValues) {
    Checks.requireProbabilities("pValues", pValues);
    int m = pValues.length;
    Integer[] order = ascending(pValues);
    double[] adjusted = new double[m];
    double smallest = 1;
    for (int i = m - 1; i >= 0; i--) {
      smallest = Math.min(smallest, (double) m / (i + 1) * pValues[order[i]]);
      adjusted[order[i]] = smallest;
    }
    return adjusted;
  }

  private static Integer[] ascending(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    return order;
  }
}
