package org.alignment4j.core.statistics;

import org.apiguardian.api.API;

/**
 * What a two-sided test of "no difference" found.
 *
 * @param statistic the observed difference, in the unit of the scores
 * @param pValue probability, if there were no difference, of one at least as large in either
 *     direction; never 0 from random arrangements
 * @param exact whether all arrangements were counted; otherwise {@code pValue} is an estimate from
 *     random ones
 * @param arrangements how many arrangements the p-value rests on: all when exact, otherwise the
 *     random ones without the observed one; of McNemar's test, which sums them in closed form, the
 *     number of disagreements
 * @param n observations
 * @param clusters independent groups among them; equal to {@code n} when all are independent
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record TestResult(
    double statistic, double pValue, boolean exact, long arrangements, long n, long clusters) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the statistic is not finite, the p-value is outside [0, 1]
   *     or there are more clusters than observations
   */
  public TestResult {
    if (!Double.isFinite(statistic)) {
      throw new IllegalArgumentException("statistic must be a finite number but was " + statistic);
    }
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new IllegalArgumentException("pValue must be in [0, 1] but was " + pValue);
    }
    if (clusters < 0 || clusters > n) {
      throw new IllegalArgumentException(
          "clusters must be in [0, n = " + n + "] but was " + clusters);
    }
  }
}
