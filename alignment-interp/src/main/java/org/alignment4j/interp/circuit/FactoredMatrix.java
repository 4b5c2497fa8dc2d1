package org.alignment4j.interp.circuit;

import com.google.common.base.Suppliers;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.ThinSvd;
import org.apiguardian.api.API;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionNonSymmetric;

/**
 * A matrix {@code A·B} of low rank, {@code A [m, e]} and {@code B [e, n]}, never formed unless it
 * is asked for (TransformerLens' class of this name; Elhage et al. 2021). In double precision.
 * Immutable and thread-safe; the singular value decomposition is computed when it is first needed.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FactoredMatrix {

  private final Matrix left;
  private final Matrix right;
  private final Supplier<ThinSvd> svd;

  /**
   * A product.
   *
   * @param left {@code A}, {@code [m, e]}
   * @param right {@code B}, {@code [e, n]}
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public FactoredMatrix(Matrix left, Matrix right) {
    if (left.columns() != right.rows()) {
      throw new IllegalArgumentException(
          "factors must be [m, e] and [e, n] but were " + left + " and " + right);
    }
    this.left = left;
    this.right = right;
    this.svd = Suppliers.memoize(() -> ThinSvd.ofProduct(left, right));
  }

  /** The first factor, {@code [m, e]}. */
  public Matrix left() {
    return left;
  }

  /** The second factor, {@code [e, n]}. */
  public Matrix right() {
    return right;
  }

  /** Number of rows, {@code m}. */
  public int rows() {
    return left.rows();
  }

  /** Number of columns, {@code n}. */
  public int columns() {
    return right.columns();
  }

  /** Width between the factors, {@code e}; the rank is not larger. */
  public int inner() {
    return left.columns();
  }

  /** The matrix itself, {@code [m, n]}. */
  public Matrix product() {
    return left.times(right);
  }

  /** The transpose {@code Bᵀ·Aᵀ}. */
  public FactoredMatrix transposed() {
    return new FactoredMatrix(right.transposed(), left.transposed());
  }

  /** The matrix multiplied by a number. */
  public FactoredMatrix scaled(double factor) {
    return new FactoredMatrix(left.scaled(factor), right);
  }

  /**
   * The product {@code (A·B)·other}.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public FactoredMatrix times(Matrix other) {
    return new FactoredMatrix(left, right.times(other));
  }

  /**
   * The product {@code other·(A·B)}.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public FactoredMatrix timesFromLeft(Matrix other) {
    return new FactoredMatrix(other.times(left), right);
  }

  /**
   * The product {@code (A·B)·(C·D)}, with the narrower of the two inner widths.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public FactoredMatrix times(FactoredMatrix other) {
    Matrix between = right.times(other.left);
    return inner() > other.inner()
        ? new FactoredMatrix(left.times(between), other.right)
        : new FactoredMatrix(left, between.times(other.right));
  }

  /**
   * The singular value decomposition, of as many values as the smallest of the sizes {@code m},
   * {@code e}, {@code n}.
   *
   * @throws IllegalArgumentException if an element is not finite
   */
  public ThinSvd svd() {
    return svd.get();
  }

  /**
   * The Frobenius norm, {@code √Σs²} of the singular values.
   *
   * @throws IllegalArgumentException if an element is not finite
   */
  public double norm() {
    return Matrix.row(svd().values()).norm();
  }

  /**
   * The sum of the diagonal, {@code Σ_ij A_ij·B_ji}.
   *
   * @throws IllegalStateException if the matrix is not square
   */
  public double trace() {
    requireSquare("a trace");
    double sum = 0;
    for (int i = 0; i < rows(); i++) {
      for (int k = 0; k < inner(); k++) {
        sum += left.get(i, k) * right.get(k, i);
      }
    }
    return sum;
  }

  /**
   * The eigenvalues that may differ from zero, as those of {@code B·A}, {@code [e, e]}, or of the
   * matrix itself where that is smaller; from the largest magnitude on.
   *
   * @throws IllegalStateException if the matrix is not square
   * @throws IllegalArgumentException if an element is not finite
   */
  public List<Eigenvalue> eigenvalues() {
    requireSquare("eigenvalues");
    Matrix small = inner() < rows() ? right.times(left) : product();
    double scale = Arrays.stream(small.toArray()).map(Math::abs).max().orElse(0);
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException(
          "factors must be finite but an element of their product was not");
    }
    if (scale == 0) {
      return Collections.nCopies(small.rows(), new Eigenvalue(0, 0));
    }
    Matrix unit = small.scaled(1 / scale);
    double[][] elements = new double[small.rows()][];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = unit.rowValues(i);
    }
    EigenDecompositionNonSymmetric decomposition =
        new EigenDecompositionNonSymmetric(new Array2DRowRealMatrix(elements, false));
    return Arrays.stream(decomposition.getEigenvalues())
        .map(z -> new Eigenvalue(scale * z.getReal(), scale * z.getImaginary()))
        .sorted(
            Comparator.comparingDouble((Eigenvalue z) -> -z.magnitude())
                .thenComparingDouble(z -> -z.real())
                .thenComparingDouble(z -> -z.imaginary()))
        .toList();
  }

  /** The same matrix with factors of equal norms: {@code U·√S} and {@code √S·Vᵀ}. */
  public FactoredMatrix madeEven() {
    double[] s = svd().values();
    Matrix u = svd().left();
    Matrix v = svd().right();
    return new FactoredMatrix(
        Matrix.generate(u.rows(), s.length, (i, j) -> u.get(i, j) * Math.sqrt(s[j])),
        Matrix.generate(s.length, v.rows(), (i, j) -> Math.sqrt(s[i]) * v.get(j, i)));
  }

  private void requireSquare(String what) {
    if (rows() != columns()) {
      throw new IllegalStateException(
          "a matrix must be square to have " + what + " but was " + this);
    }
  }

  /** The sizes. */
  @Override
  public String toString() {
    return "[" + rows() + ", " + columns() + "] of rank " + inner() + " or less";
  }
}
