package org.alignment4j.eval.judged;

/** Small linear systems. Pure functions. */
final class LinearSystem {
  private static final double SINGULAR = 1e-12;

  private LinearSystem() {}

  /**
   * Solves {@code Ax = b} of a symmetric positive definite matrix by Cholesky's decomposition.
   *
   * @throws IllegalArgumentException if the matrix is singular to rounding
   */
  static double[] solve(double[][] a, double[] b) {
    int n = b.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        if (i != j) {
          lower[i][j] = sum / lower[j][j];
        } else if (sum > SINGULAR * Math.max(a[i][i], Double.MIN_NORMAL)) {
          lower[i][i] = Math.sqrt(sum);
        } else {
          throw new IllegalArgumentException(
              "coefficients must be told apart by the battles but some are not, as where one kind"
                  + " of style follows from another or from the models; give more battles, or"
                  + " ratings without style control");
        }
      }
    }
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      double sum = b[i];
      for (int k = 0; k < i; k++) {
        sum -= lower[i][k] * x[k];
      }
      x[i] = sum / lower[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = x[i];
      for (int k = i + 1; k < n; k++) {
        sum -= lower[k][i] * x[k];
      }
      x[i] = sum / lower[i][i];
    }
    return x;
  }
}
