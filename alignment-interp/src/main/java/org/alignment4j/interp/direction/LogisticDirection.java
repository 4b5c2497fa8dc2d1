package org.alignment4j.interp.direction;

import java.util.Arrays;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.regression.LogisticRegression;
import org.apiguardian.api.API;

/**
 * The weights of a logistic regression without intercept on pairs centred each at its own middle,
 * that is on rows {@code ±(positive − negative)/2}, at unit length (steering-vectors).
 *
 * <p>The penalty decides between the mean difference, which the weights approach as it grows, and
 * the plane of largest margin, which they approach as it vanishes.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LogisticDirection {

  private LogisticDirection() {}

  /**
   * Fits.
   *
   * @param positive {@code [pairs, d]}
   * @param negative {@code [pairs, d]}, row for row
   * @param l2 penalty as in {@link LogisticRegression}, positive; 1 over the number of rows, twice
   *     that of pairs, is scikit-learn's default
   * @param site where the rows come from
   * @param modelId of the model they come from
   * @param cancellation asks to stop at the next step
   * @throws IllegalArgumentException if numbers of rows or widths differ, there is no pair, the
   *     penalty is not positive, or no direction tells the members apart
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static Direction fit(
      Rows positive,
      Rows negative,
      double l2,
      ActivationSite site,
      String modelId,
      CancellationToken cancellation) {
    negative.requireWidth(positive.width());
    if (positive.count() == 0 || positive.count() != negative.count()) {
      throw new IllegalArgumentException(
          "pairs must be at least one and have two members but there are "
              + positive.count()
              + " positive and "
              + negative.count()
              + " negative rows");
    }
    if (!(l2 > 0)) {
      throw new IllegalArgumentException(
          "l2 must be positive, since pairs that a plane separates have no finite optimum without,"
              + " but was "
              + l2);
    }
    int n = positive.count();
    double[][] rows = new double[2 * n][];
    boolean[] labels = new boolean[2 * n];
    Arrays.fill(labels, 0, n, true);
    for (int i = 0; i < n; i++) {
      double[] half = positive.row(i);
      double[] other = new double[half.length];
      for (int j = 0; j < half.length; j++) {
        half[j] = (half[j] - negative.get(i, j)) / 2;
        other[j] = -half[j];
      }
      rows[i] = half;
      rows[n + i] = other;
    }
    LogisticRegression regression = LogisticRegression.of(l2).withoutIntercept();
    double[] weights = regression.fit(Rows.of(rows), labels, cancellation).weights();
    return Direction.raw(weights, site, modelId, "logistic, l2 " + l2).unit();
  }
}
