package org.alignment4j.interp.diff;

import java.util.List;
import org.alignment4j.interp.weights.Affine;
import org.alignment4j.interp.weights.Matrix;

/** {@code ‖after − before‖ / ‖before‖} in Frobenius norms, on plain matrices. */
final class RelativeChange {

  private RelativeChange() {}

  /** Of norms: 0 where nothing changed, infinite where something was all zeros. */
  static double ofNorms(double change, double before) {
    return change == 0 ? 0 : change / before;
  }

  static double of(Matrix before, Matrix after) {
    return ofNorms(difference(before, after).norm(), before.norm());
  }

  /** Of a map with its bias as one more row. */
  static double of(Affine before, Affine after) {
    return of(before.augmented(), after.augmented());
  }

  static Matrix difference(Matrix before, Matrix after) {
    return Matrix.generate(
        before.rows(), before.columns(), (i, j) -> after.get(i, j) - before.get(i, j));
  }

  /**
   * Of the product {@code A·B}, without forming it: {@code A'B' − AB = [ΔA, A]·[B'; ΔB]}, whose
   * squared norm is the sum of the products of the elements of {@code LᵀL} and {@code RRᵀ}. Exactly
   * 0 where neither factor changed.
   */
  static double ofProduct(Matrix a, Matrix aAfter, Matrix b, Matrix bAfter) {
    List<Matrix> left = List.of(difference(a, aAfter), a);
    List<Matrix> right = List.of(bAfter, difference(b, bAfter));
    return ofNorms(productNorm(left, right), productNorm(List.of(a), List.of(b)));
  }

  /** {@code ‖Σₖ Lₖ·Rₖ‖}. */
  private static double productNorm(List<Matrix> left, List<Matrix> right) {
    double squares = 0;
    for (int k = 0; k < left.size(); k++) {
      for (int l = 0; l < left.size(); l++) {
        Matrix outer = left.get(k).transposed().times(left.get(l));
        Matrix inner = right.get(k).timesTransposed(right.get(l));
        for (int i = 0; i < outer.rows(); i++) {
          for (int j = 0; j < outer.columns(); j++) {
            squares += outer.get(i, j) * inner.get(i, j);
          }
        }
      }
    }
    return Math.sqrt(Math.max(0, squares));
  }
}
