package org.alignment4j.interp.probe;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/** The pseudoinverse of a symmetric matrix without its small eigenvalues. */
final class PseudoInverse {

  private PseudoInverse() {}

  /**
   * {@code M⁺v}.
   *
   * @param matrix {@code [d][d]}, symmetric
   * @param tolerance eigenvalues of this magnitude and less are left out; absolute
   * @throws IllegalArgumentException if all are left out, or nothing of the vector remains
   */
  static double[] times(double[][] matrix, double[] vector, double tolerance) {
    EigenDecompositionSymmetric eigen =
        new EigenDecompositionSymmetric(new Array2DRowRealMatrix(matrix, false));
    double[] out = new double[vector.length];
    double squares = 0;
    double largest = 0;
    for (int k = 0; k < vector.length; k++) {
      double value = eigen.getEigenvalue(k);
      largest = Math.max(largest, Math.abs(value));
      if (Math.abs(value) <= tolerance) {
        continue;
      }
      double[] axis = eigen.getEigenvector(k).toArray();
      double part = 0;
      for (int j = 0; j < axis.length; j++) {
        part += axis[j] * vector[j];
      }
      for (int j = 0; j < axis.length; j++) {
        out[j] += part / value * axis[j];
      }
      squares += part * part;
    }
    if (!(squares > 0)) {
      throw new IllegalArgumentException(
          "the covariance must have eigenvalues above the tolerance "
              + tolerance
              + " where the classes differ but the largest is "
              + largest
              + "; lower the tolerance, or use the plain mass-mean probe");
    }
    return out;
  }
}
