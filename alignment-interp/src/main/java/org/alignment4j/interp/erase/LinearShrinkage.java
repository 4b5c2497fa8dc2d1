package org.alignment4j.interp.erase;

/** Optimal linear shrinkage of a covariance towards a multiple of the identity. */
final class LinearShrinkage {

  private LinearShrinkage() {}

  /**
   * {@code αS + (1−α)(tr S/d)I} with {@code α = 1 − (tr²S/n) / (|S|² − tr²S/d)}, Frobenius norm
   * (Bodnar, Gupta and Parolya 2014, equations 3.10 and 3.11 with the target {@code I/d}), kept in
   * [0, 1], which the formula leaves when there are few rows.
   *
   * @param covariance {@code [d][d]} with divisor n; changed in place
   * @param n number of rows behind it
   */
  static void apply(double[][] covariance, long n) {
    int d = covariance.length;
    double trace = 0;
    double squares = 0;
    for (int i = 0; i < d; i++) {
      trace += covariance[i][i];
      for (double c : covariance[i]) {
        squares += c * c;
      }
    }
    double spread = squares - trace * trace / d;
    double alpha = 1;
    if (spread > 0) {
      alpha = Math.min(1, Math.max(0, 1 - trace * trace / n / spread));
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        covariance[i][j] = alpha * covariance[i][j] + (i == j ? (1 - alpha) * trace / d : 0);
      }
    }
  }
}
