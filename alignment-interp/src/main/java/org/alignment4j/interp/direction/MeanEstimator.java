package org.alignment4j.interp.direction;

import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/**
 * The mean of rows that arrive one after the other, in double precision (Welford 1962; merged as in
 * Chan, Golub and LeVeque 1979). Not thread-safe; one for each thread, merged at the end.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MeanEstimator {

  private final double[] mean;
  private long count;

  /**
   * An estimator that has seen nothing.
   *
   * @param width numbers in a row
   * @throws IllegalArgumentException if it is not positive
   */
  public MeanEstimator(int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width must be positive but was " + width);
    }
    mean = new double[width];
  }

  /**
   * Adds rows.
   *
   * @throws IllegalArgumentException if their width is another
   */
  public void update(Rows rows) {
    rows.requireWidth(mean.length);
    for (int i = 0; i < rows.count(); i++) {
      count++;
      for (int j = 0; j < mean.length; j++) {
        mean[j] += (rows.get(i, j) - mean[j]) / count;
      }
    }
  }

  /**
   * Adds a row.
   *
   * @param row as long as the width
   * @throws IllegalArgumentException if its length is another
   */
  public void update(double[] row) {
    requireLength(row);
    count++;
    for (int j = 0; j < mean.length; j++) {
      mean[j] += (row[j] - mean[j]) / count;
    }
  }

  /**
   * Adds what another estimator has seen; it is not changed.
   *
   * @throws IllegalArgumentException if its width is another
   */
  public void merge(MeanEstimator other) {
    requireLength(other.mean);
    long total = count + other.count;
    if (total > 0) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += (other.mean[j] - mean[j]) * ((double) other.count / total);
      }
    }
    count = total;
  }

  private void requireLength(double[] row) {
    if (row.length != mean.length) {
      throw new IllegalArgumentException(
          "rows must have the width " + mean.length + " but have " + row.length);
    }
  }

  /** Number of rows seen. */
  public long count() {
    return count;
  }

  /**
   * A copy of the mean, {@code [d]}.
   *
   * @throws IllegalStateException if no row was seen
   */
  public double[] mean() {
    if (count == 0) {
      throw new IllegalStateException("a mean needs at least one row but none was seen");
    }
    return mean.clone();
  }
}
