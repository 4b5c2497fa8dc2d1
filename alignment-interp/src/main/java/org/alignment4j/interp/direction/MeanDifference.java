package org.alignment4j.interp.direction;

import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/**
 * The difference of the means of two classes, {@code mean(positive) − mean(negative)}, in double
 * precision. Not thread-safe; one for each thread, merged at the end.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MeanDifference {

  private final MeanEstimator positive;
  private final MeanEstimator negative;

  /**
   * An estimator that has seen nothing.
   *
   * @param width numbers in a row
   * @throws IllegalArgumentException if it is not positive
   */
  public MeanDifference(int width) {
    positive = new MeanEstimator(width);
    negative = new MeanEstimator(width);
  }

  /**
   * Adds rows of one class.
   *
   * @throws IllegalArgumentException if their width is another
   */
  public void update(Rows rows, boolean isPositive) {
    (isPositive ? positive : negative).update(rows);
  }

  /**
   * Adds rows of both classes.
   *
   * @param isPositive the class of each row
   * @throws IllegalArgumentException if their width is another, or there are not as many labels
   */
  public void update(Rows rows, boolean[] isPositive) {
    if (rows.count() != isPositive.length) {
      throw new IllegalArgumentException(
          "every row must have a label but there are "
              + rows.count()
              + " rows and "
              + isPositive.length
              + " labels");
    }
    for (int i = 0; i < isPositive.length; i++) {
      (isPositive[i] ? positive : negative).update(rows.row(i));
    }
  }

  /**
   * Adds what another estimator has seen; it is not changed.
   *
   * @throws IllegalArgumentException if its width is another
   */
  public void merge(MeanDifference other) {
    positive.merge(other.positive);
    negative.merge(other.negative);
  }

  /**
   * The difference, {@code [d]}.
   *
   * @throws IllegalStateException if a class has no row
   */
  public double[] vector() {
    if (positive.count() == 0 || negative.count() == 0) {
      throw new IllegalStateException(
          "both classes need at least one row but have "
              + positive.count()
              + " and "
              + negative.count());
    }
    double[] difference = positive.mean();
    double[] other = negative.mean();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= other[i];
    }
    return difference;
  }

  /**
   * The difference as a raw direction.
   *
   * @throws IllegalStateException if a class has no row
   * @throws IllegalArgumentException if the means are the same
   */
  public Direction direction(ActivationSite site, String modelId) {
    return Direction.raw(vector(), site, modelId, "mean difference");
  }
}
