package org.alignment4j.interp.weights;

import java.util.Arrays;
import org.apiguardian.api.API;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/**
 * A singular value decomposition {@code M = U·S·Vᵀ} of {@code M [m, n]} with {@code k} values.
 * Signs of singular vectors are arbitrary; here the component of greatest magnitude of each right
 * one, the first of several, is positive. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ThinSvd {

  private final Matrix left;
  private final double[] values;
  private final Matrix right;

  private ThinSvd(Matrix left, double[] values, Matrix right) {
    this.values = values;
    int k = values.length;
    double[] signs = new double[k];
    for (int j = 0; j < k; j++) {
      double greatest = 0;
      for (int i = 0; i < right.rows(); i++) {
        if (Math.abs(right.get(i, j)) > Math.abs(greatest)) {
          greatest = right.get(i, j);
        }
      }
      signs[j] = greatest < 0 ? -1 : 1;
    }
    this.left = Matrix.generate(left.rows(), k, (i, j) -> signs[j] * left.get(i, j));
    this.right = Matrix.generate(right.rows(), k, (i, j) -> signs[j] * right.get(i, j));
  }

  /**
   * The decomposition of a matrix, {@code k} being the smaller of its sizes.
   *
   * @throws IllegalArgumentException if an element is not finite
   */
  public static ThinSvd of(Matrix matrix) {
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        if (!Double.isFinite(matrix.get(i, j))) {
          throw new IllegalArgumentException(
              "matrix must be finite but has "
                  + matrix.get(i, j)
                  + " in row "
                  + i
                  + ", column "
                  + j);
        }
      }
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(real(matrix));
    int k = Math.min(matrix.rows(), matrix.columns());
    return new ThinSvd(
        matrix(svd.getU(), k), Arrays.copyOf(svd.getSingularValues(), k), matrix(svd.getV(), k));
  }

  /**
   * The decomposition of a product {@code a·b} without forming it: those of both factors, and that
   * of {@code S_a·V_aᵀ·U_b·S_b}. {@code k} is the smallest of the three sizes.
   *
   * @throws IllegalArgumentException if the sizes do not fit or an element is not finite
   */
  public static ThinSvd ofProduct(Matrix a, Matrix b) {
    ThinSvd first = of(a);
    ThinSvd second = of(b);
    Matrix inner = first.right.transposed().times(second.left);
    ThinSvd core =
        of(
            Matrix.generate(
                inner.rows(),
                inner.columns(),
                (i, j) -> first.values[i] * inner.get(i, j) * second.values[j]));
    return new ThinSvd(first.left.times(core.left), core.values, second.right.times(core.right));
  }

  private static RealMatrix real(Matrix matrix) {
    double[][] rows = new double[matrix.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = matrix.rowValues(i);
    }
    return new Array2DRowRealMatrix(rows, false);
  }

  private static Matrix matrix(RealMatrix real, int columns) {
    return Matrix.generate(real.getRowDimension(), columns, real::getEntry);
  }

  /** {@code U}, {@code [m, k]}: left singular vectors as columns. */
  public Matrix left() {
    return left;
  }

  /** The singular values, {@code [k]}, not negative, from the largest on; a new array. */
  public double[] values() {
    return values.clone();
  }

  /** {@code V}, {@code [n, k]}: right singular vectors as columns. */
  public Matrix right() {
    return right;
  }
}
