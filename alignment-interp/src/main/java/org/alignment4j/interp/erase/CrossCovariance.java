package org.alignment4j.interp.erase;

import org.alignment4j.interp.activation.Rows;

/** Means of x and z and the sum of {@code (x−μ_x)(z−μ_z)ᵀ}, streamed and merged (Welford 1962). */
final class CrossCovariance {

  private final int width;
  private final int labels;
  private final double[] meanX;
  private final double[] meanZ;
  private final double[][] scatter;
  private long count;

  CrossCovariance(int width, int labels) {
    this.width = width;
    this.labels = labels;
    meanX = new double[width];
    meanZ = new double[labels];
    scatter = new double[width][labels];
  }

  void update(Rows x, double[][] z) {
    double[] row = new double[width];
    for (int i = 0; i < x.count(); i++) {
      x.copyRow(i, row);
      add(row, z[i]);
    }
  }

  private void add(double[] x, double[] z) {
    count++;
    double[] deltaZ = new double[labels];
    for (int k = 0; k < labels; k++) {
      deltaZ[k] = z[k] - meanZ[k];
      meanZ[k] += deltaZ[k] / count;
    }
    for (int j = 0; j < width; j++) {
      double delta = x[j] - meanX[j];
      meanX[j] += delta / count;
      double after = x[j] - meanX[j];
      for (int k = 0; k < labels; k++) {
        scatter[j][k] += after * deltaZ[k];
      }
    }
  }

  void merge(CrossCovariance other) {
    long total = count + other.count;
    if (other.count == 0) {
      return;
    }
    double factor = (double) count * other.count / total;
    double share = (double) other.count / total;
    for (int j = 0; j < width; j++) {
      double delta = other.meanX[j] - meanX[j];
      for (int k = 0; k < labels; k++) {
        scatter[j][k] += other.scatter[j][k] + factor * delta * (other.meanZ[k] - meanZ[k]);
      }
    }
    for (int j = 0; j < width; j++) {
      meanX[j] += share * (other.meanX[j] - meanX[j]);
    }
    for (int k = 0; k < labels; k++) {
      meanZ[k] += share * (other.meanZ[k] - meanZ[k]);
    }
    count = total;
  }

  long count() {
    return count;
  }

  double[] meanX() {
    return meanX.clone();
  }

  double[] meanZ() {
    return meanZ.clone();
  }

  /** Divisor n−1, {@code [d][k]}. */
  double[][] covariance() {
    double[][] out = new double[width][labels];
    for (int j = 0; j < width; j++) {
      for (int k = 0; k < labels; k++) {
        out[j][k] = scatter[j][k] / (count - 1);
      }
    }
    return out;
  }
}
