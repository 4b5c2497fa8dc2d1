package org.alignment4j.interp.direction;

import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/**
 * Mean and covariance of rows that arrive one after the other, in double precision (Welford 1962;
 * merged as in Chan, Golub and LeVeque 1979). Takes {@code 8·d²} bytes. Not thread-safe; one for
 * each thread, merged at the end.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CovarianceEstimator {

  private final int width;
  private final double[] mean;
  private final double[][] scatter;
  private final double[] row;
  private final double[] delta;
  private long count;

  /**
   * An estimator that has seen nothing.
   *
   * @param width numbers in a row
   * @throws IllegalArgumentException if it is not positive
   */
  public CovarianceEstimator(int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width must be positive but was " + width);
    }
    this.width = width;
    mean = new double[width];
    scatter = new double[width][];
    for (int i = 0; i < width; i++) {
      scatter[i] = new double[i + 1];
    }
    row = new double[width];
    delta = new double[width];
  }

  /**
   * Adds rows.
   *
   * @throws IllegalArgumentException if their width is another
   */
  public void update(Rows rows) {
    rows.requireWidth(width);
    for (int i = 0; i < rows.count(); i++) {
      rows.copyRow(i, row);
      add();
    }
  }

  /**
   * Adds a row.
   *
   * @param values as long as the width; not changed
   * @throws IllegalArgumentException if its length is another
   */
  public void update(double[] values) {
    if (values.length != width) {
      throw new IllegalArgumentException(
          "rows must have the width " + width + " but have " + values.length);
    }
    System.arraycopy(values, 0, row, 0, width);
    add();
  }

  private void add() {
    count++;
    for (int j = 0; j < width; j++) {
      delta[j] = row[j] - mean[j];
      mean[j] += delta[j] / count;
    }
    addScatter((count - 1.0) / count);
  }

  private void addScatter(double factor) {
    for (int i = 0; i < width; i++) {
      double scaled = factor * delta[i];
      double[] line = scatter[i];
      for (int j = 0; j <= i; j++) {
        line[j] += scaled * delta[j];
      }
    }
  }

  /**
   * Adds what another estimator has seen; it is not changed.
   *
   * @throws IllegalArgumentException if its width is another
   */
  public void merge(CovarianceEstimator other) {
    if (other.width != width) {
      throw new IllegalArgumentException(
          "estimators to be merged must have one width but have " + width + " and " + other.width);
    }
    if (other.count == 0) {
      return;
    }
    double total = count + other.count;
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        scatter[i][j] += other.scatter[i][j];
      }
      delta[i] = other.mean[i] - mean[i];
    }
    addScatter(count * (other.count / total));
    for (int i = 0; i < width; i++) {
      mean[i] += delta[i] * (other.count / total);
    }
    count += other.count;
  }

  /** Number of rows seen. */
  public long count() {
    return count;
  }

  /** Numbers in a row. */
  public int width() {
    return width;
  }

  /**
   * A copy of the mean, {@code [d]}.
   *
   * @throws IllegalStateException if no row was seen
   */
  public double[] mean() {
    requireSeen(1, "a mean");
    return mean.clone();
  }

  /**
   * The covariance with divisor n−1.
   *
   * @return a new array {@code [d][d]}, symmetric
   * @throws IllegalStateException if fewer than two rows were seen
   */
  public double[][] covariance() {
    requireSeen(2, "a covariance");
    return scatterOver(count - 1);
  }

  /**
   * The covariance with divisor n.
   *
   * @return a new array {@code [d][d]}, symmetric
   * @throws IllegalStateException if no row was seen
   */
  public double[][] populationCovariance() {
    requireSeen(1, "a covariance");
    return scatterOver(count);
  }

  /**
   * The second moment about 0, {@code (1/n) Σ xxᵀ}.
   *
   * @return a new array {@code [d][d]}, symmetric
   * @throws IllegalStateException if no row was seen
   */
  public double[][] secondMoment() {
    double[][] moment = populationCovariance();
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        moment[i][j] += mean[i] * mean[j];
      }
    }
    return moment;
  }

  private double[][] scatterOver(double divisor) {
    double[][] full = new double[width][width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        full[i][j] = scatter[i][j] / divisor;
        full[j][i] = full[i][j];
      }
    }
    return full;
  }

  private void requireSeen(int least, String what) {
    if (count < least) {
      throw new IllegalStateException(
          what + " needs at least " + least + " rows but " + count + " were seen");
    }
  }
}
