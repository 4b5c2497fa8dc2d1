package org.alignment4j.interp.direction;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/** The direction of largest variance around 0, by the smaller of the two Gram matrices. */
final class PrincipalComponent {

  private PrincipalComponent() {}

  /**
   * The first right singular vector.
   *
   * @param rows at least one
   * @param least numbers of smaller magnitude are rounding
   * @return a new array of unit length, its sign arbitrary; empty when there is nothing but
   *     rounding
   */
  static double[] first(double[][] rows, int width, double least) {
    boolean tall = rows.length > width;
    double[][] gram = tall ? overColumns(rows, width) : overRows(rows);
    double largest = 0;
    for (double[] row : rows) {
      for (double c : row) {
        largest = Math.max(largest, Math.abs(c));
      }
    }
    if (!(largest > least)) {
      return new double[0];
    }
    EigenDecompositionSymmetric eigen =
        new EigenDecompositionSymmetric(new Array2DRowRealMatrix(gram, false));
    int top = 0;
    for (int i = 1; i < gram.length; i++) {
      top = eigen.getEigenvalue(i) > eigen.getEigenvalue(top) ? i : top;
    }
    double[] vector = eigen.getEigenvector(top).toArray();
    return normalised(tall ? vector : combined(rows, vector, width));
  }

  private static double[] combined(double[][] rows, double[] weights, int width) {
    double[] sum = new double[width];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < width; j++) {
        sum[j] += weights[i] * rows[i][j];
      }
    }
    return sum;
  }

  private static double[] normalised(double[] vector) {
    double squares = 0;
    for (double c : vector) {
      squares += c * c;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= norm;
    }
    return vector;
  }

  private static double[][] overColumns(double[][] rows, int width) {
    double[][] gram = new double[width][width];
    for (double[] row : rows) {
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          gram[i][j] += row[i] * row[j];
        }
      }
    }
    return gram;
  }

  private static double[][] overRows(double[][] rows) {
    double[][] gram = new double[rows.length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k <= i; k++) {
        double sum = 0;
        for (int j = 0; j < rows[i].length; j++) {
          sum += rows[i][j] * rows[k][j];
        }
        gram[i][k] = sum;
        gram[k][i] = sum;
      }
    }
    return gram;
  }
}
