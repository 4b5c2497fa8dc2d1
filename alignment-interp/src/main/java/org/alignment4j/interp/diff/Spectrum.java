package org.alignment4j.interp.diff;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import org.apiguardian.api.API;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/**
 * The singular values of a matrix, and how many directions they amount to. Immutable.
 *
 * @param values from the largest on, not negative; those below 1e-7 of the largest, which squares
 *     in double cannot tell from 0, are 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Spectrum(ImmutableDoubleArray values) {

  /** A square root of the relative error of eigenvalues in double precision, rounded up. */
  private static final double RESOLUTION = 1e-7;

  /**
   * The singular values of a matrix, as roots of the eigenvalues of {@code MᵀM} or {@code MMᵀ},
   * whichever is smaller.
   *
   * @param matrix {@code [rows][columns]}, rectangular
   * @throws IllegalArgumentException if there is no element or one is not finite
   */
  public static Spectrum of(double[][] matrix) {
    if (matrix.length == 0 || matrix[0].length == 0) {
      throw new IllegalArgumentException("a matrix must have at least one row and column");
    }
    double[][] gram = matrix[0].length <= matrix.length ? columns(matrix) : rows(matrix);
    for (double[] row : gram) {
      for (double element : row) {
        if (!Double.isFinite(element)) {
          throw new IllegalArgumentException(
              "a matrix must have finite elements but products of some are " + element);
        }
      }
    }
    double[] eigenvalues =
        new EigenDecompositionSymmetric(new Array2DRowRealMatrix(gram, false)).getEigenvalues();
    double[] values = Arrays.stream(eigenvalues).map(x -> Math.sqrt(Math.max(0, x))).toArray();
    Arrays.sort(values);
    double largest = values[values.length - 1];
    double[] descending = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[values.length - 1 - i];
      descending[i] = value < RESOLUTION * largest ? 0 : value;
    }
    return new Spectrum(ImmutableDoubleArray.copyOf(descending));
  }

  private static double[][] rows(double[][] matrix) {
    int n = matrix.length;
    double[][] gram = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < matrix[i].length; k++) {
          sum += matrix[i][k] * matrix[j][k];
        }
        gram[i][j] = sum;
        gram[j][i] = sum;
      }
    }
    return gram;
  }

  private static double[][] columns(double[][] matrix) {
    int n = matrix[0].length;
    double[][] gram = new double[n][n];
    for (double[] row : matrix) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i && row[i] != 0; j++) {
          gram[i][j] += row[i] * row[j];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        gram[j][i] = gram[i][j];
      }
    }
    return gram;
  }

  /**
   * The effective rank (Roy and Vetterli 2007, definition 1): {@code exp(−Σ pᵢ·ln pᵢ)} with {@code
   * pᵢ = σᵢ/Σσ}; {@code k} for {@code k} equal values, 0 for a matrix of zeros.
   */
  public double effectiveRank() {
    double sum = values.stream().sum();
    if (sum == 0) {
      return 0;
    }
    double entropy = 0;
    for (int i = 0; i < values.length(); i++) {
      double share = values.get(i) / sum;
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return Math.exp(entropy);
  }

  /**
   * The stable rank {@code Σσᵢ²/σ₁²} (Rudelson and Vershynin 2007); 0 for a matrix of zeros. Near 1
   * where one direction holds nearly all of the change.
   */
  public double stableRank() {
    double largest = values.get(0);
    return largest == 0 ? 0 : values.stream().map(x -> x / largest * (x / largest)).sum();
  }
}
