package org.alignment4j.interp.edit;

import java.util.OptionalInt;
import org.apiguardian.api.API;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * What keys an edit spares: {@code C}, by which directions in which many keys of the corpus lie are
 * changed least. Solved by Cholesky's decomposition in double, never by an inverse. Immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class KeyMetric {

  private static final double SYMMETRY = 1e-10;

  private final @Nullable RealMatrix matrix;
  private final @Nullable DecompositionSolver solver;
  private final OptionalInt layer;
  private final String description;

  private KeyMetric(
      @Nullable RealMatrix matrix,
      @Nullable DecompositionSolver solver,
      OptionalInt layer,
      String description) {
    this.matrix = matrix;
    this.solver = solver;
    this.layer = layer;
    this.description = description;
  }

  /** Returns {@code C = I}: all directions alike, for want of a corpus. */
  public static KeyMetric identity() {
    return new KeyMetric(null, null, OptionalInt.empty(), "identity");
  }

  /**
   * The second moments of keys over a corpus.
   *
   * @param moments of the layer that is edited
   * @param ridge added to the diagonal, in units of its mean; a corpus with fewer tokens than a key
   *     has coordinates needs one, such as 1e-4
   * @return the metric
   * @throws IllegalArgumentException when the ridge is negative or not finite, or the matrix is not
   *     positive definite
   */
  public static KeyMetric of(KeyMoments moments, double ridge) {
    if (!(ridge >= 0) || Double.isInfinite(ridge)) {
      throw new IllegalArgumentException("ridge must not be negative but was " + ridge);
    }
    int n = moments.width();
    double[][] c = new double[n][n];
    double diagonal = 0;
    for (int i = 0; i < n; i++) {
      diagonal += moments.moment(i, i) / n;
      for (int j = 0; j < n; j++) {
        c[i][j] = 0.5 * (moments.moment(i, j) + moments.moment(j, i));
      }
    }
    for (int i = 0; i < n; i++) {
      c[i][i] += ridge * diagonal;
    }
    RealMatrix matrix = new Array2DRowRealMatrix(c, false);
    return new KeyMetric(
        matrix,
        solver(matrix, moments + " with ridge " + ridge),
        OptionalInt.of(moments.layer()),
        moments + ", ridge " + ridge);
  }

  /**
   * Solves systems of a symmetric matrix.
   *
   * @throws IllegalArgumentException when it is not positive definite
   */
  static DecompositionSolver solver(RealMatrix matrix, String what) {
    double largest = 0;
    for (int i = 0; i < matrix.getRowDimension(); i++) {
      largest = Math.max(largest, matrix.getEntry(i, i));
    }
    try {
      return new CholeskyDecomposition(matrix, SYMMETRY, largest * 1e-15).getSolver();
    } catch (MathIllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the matrix of "
              + what
              + " must be positive definite but is not; use more text or a larger ridge",
          e);
    }
  }

  /**
   * Solves {@code C x = k}.
   *
   * @param key {@code [dMlp]}
   * @return x
   * @throws IllegalArgumentException when the key is of another width
   */
  public double[] solve(double[] key) {
    DecompositionSolver present = solver;
    if (present == null) {
      return key.clone();
    }
    requireWidth(key.length);
    return present.solve(new ArrayRealVector(key, false)).toArray();
  }

  /**
   * Adds {@code factor * C}.
   *
   * @param sum what is added to, square and as wide as keys
   */
  void addTo(double[][] sum, double factor) {
    RealMatrix present = matrix;
    for (int i = 0; i < sum.length; i++) {
      if (present == null) {
        sum[i][i] += factor;
        continue;
      }
      for (int j = 0; j < sum.length; j++) {
        sum[i][j] += factor * present.getEntry(i, j);
      }
    }
  }

  /**
   * Refuses keys of another layer or width. An edited model has the moments of the one it was made
   * of, so that models are not told apart otherwise.
   *
   * @throws IllegalArgumentException when one differs
   */
  void requireFits(int edited, int width) {
    if (layer.isPresent() && layer.getAsInt() != edited) {
      throw new IllegalArgumentException(
          "moments must be of the layer that is edited, "
              + edited
              + ", but are of layer "
              + layer.getAsInt()
              + ": "
              + description
              + "; collect those of layer "
              + edited);
    }
    requireWidth(width);
  }

  /**
   * Refuses keys of another width.
   *
   * @throws IllegalArgumentException when the width differs
   */
  void requireWidth(int width) {
    RealMatrix present = matrix;
    if (present != null && present.getRowDimension() != width) {
      throw new IllegalArgumentException(
          "keys must be as wide as the moments, "
              + present.getRowDimension()
              + ", but were "
              + width
              + "; the moments are of another model");
    }
  }

  @Override
  public String toString() {
    return "KeyMetric[" + description + "]";
  }
}
