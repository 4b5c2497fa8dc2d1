package org.alignment4j.interp.edit;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;

/**
 * Changes of a linear memory {@code v = W k} that put associations into it: pure functions on
 * doubles.
 */
final class Insertion {

  private Insertion() {}

  /**
   * The change that maps a key exactly to its value plus a residual and disturbs the corpus's keys
   * least (Meng et al. 2022, equation 2): {@code r (C^-1 k*)^T / ((C^-1 k*)^T k)}.
   *
   * @param metric C
   * @param direction k*, which the change's row space follows
   * @param key k, which is mapped exactly; k* itself but in the original code
   * @param residual r, {@code [dModel]}
   * @return {@code [dModel][dMlp]}
   * @throws IllegalArgumentException when the key is orthogonal to the change's row space
   */
  static double[][] single(KeyMetric metric, double[] direction, double[] key, double[] residual) {
    double[] u = metric.solve(direction);
    double product = dot(u, key);
    if (!(Math.abs(product) > 1e-10 * Math.sqrt(dot(u, u) * dot(key, key)))) {
      throw new IllegalArgumentException(
          "the key must not be orthogonal to the direction C^-1 k* but their product was "
              + product
              + "; use other contexts or another layer");
    }
    double[][] delta = new double[residual.length][u.length];
    for (int i = 0; i < residual.length; i++) {
      for (int j = 0; j < u.length; j++) {
        delta[i][j] = residual[i] / product * u[j];
      }
    }
    return delta;
  }

  /**
   * The change that brings keys nearest to their values plus residuals, weighed against the
   * corpus's keys (Meng et al. 2023, equation 14): {@code D K^T (lambda C + K K^T)^-1}, and in its
   * other form, where there are fewer keys than coordinates, {@code D (lambda I + K^T C^-1 K)^-1
   * K^T C^-1}, which is exact at {@code lambda = 0}.
   *
   * @param metric C
   * @param keys the columns of K, each {@code [dMlp]}; at least one
   * @param residuals the columns of D, each {@code [dModel]}
   * @param lambda weight of the corpus, not negative
   * @return {@code [dModel][dMlp]}
   * @throws IllegalArgumentException when lambda is 0 and the keys depend on each other
   */
  static double[][] joint(
      KeyMetric metric, List<double[]> keys, List<double[]> residuals, double lambda) {
    int n = keys.size();
    int width = keys.get(0).length;
    double[][] rows = n < width ? few(metric, keys, lambda) : many(metric, keys, lambda);
    double[][] delta = new double[residuals.get(0).length][width];
    for (int f = 0; f < n; f++) {
      double[] residual = residuals.get(f);
      for (int i = 0; i < residual.length; i++) {
        for (int j = 0; j < width; j++) {
          delta[i][j] += residual[i] * rows[f][j];
        }
      }
    }
    return delta;
  }

  /** The rows of {@code (lambda I + K^T C^-1 K)^-1 K^T C^-1}. */
  private static double[][] few(KeyMetric metric, List<double[]> keys, double lambda) {
    int n = keys.size();
    int width = keys.get(0).length;
    double[][] solved = new double[n][];
    Arrays.setAll(solved, f -> metric.solve(keys.get(f)));
    double[][] gram = new double[n][n];
    for (int a = 0; a < n; a++) {
      for (int b = a; b < n; b++) {
        gram[a][b] = dot(solved[a], keys.get(b)) + (a == b ? lambda : 0);
        gram[b][a] = gram[a][b];
      }
    }
    DecompositionSolver solver = solver(gram);
    double[][] rows = new double[n][width];
    double[] column = new double[n];
    for (int j = 0; j < width; j++) {
      for (int f = 0; f < n; f++) {
        column[f] = solved[f][j];
      }
      double[] x = solver.solve(new ArrayRealVector(column, false)).toArray();
      for (int f = 0; f < n; f++) {
        rows[f][j] = x[f];
      }
    }
    return rows;
  }

  /** The rows of {@code K^T (lambda C + K K^T)^-1}. */
  private static double[][] many(KeyMetric metric, List<double[]> keys, double lambda) {
    int width = keys.get(0).length;
    double[][] sum = new double[width][width];
    for (double[] key : keys) {
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          sum[i][j] += key[i] * key[j];
        }
      }
    }
    metric.requireWidth(width);
    metric.addTo(sum, lambda);
    DecompositionSolver solver = solver(sum);
    return keys.stream()
        .map(key -> solver.solve(new ArrayRealVector(key)).toArray())
        .toArray(double[][]::new);
  }

  private static DecompositionSolver solver(double[][] matrix) {
    return KeyMetric.solver(
        new Array2DRowRealMatrix(matrix, false), "the facts' keys, which may repeat each other,");
  }

  static double dot(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "vectors must be as long as each other but were " + a.length + " and " + b.length);
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
