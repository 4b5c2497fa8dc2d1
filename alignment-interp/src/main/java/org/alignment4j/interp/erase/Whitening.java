package org.alignment4j.interp.erase;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.RealMatrix;

/** {@code W = (Σ^½)⁺} and {@code W⁺ = Σ^½} from one decomposition of a covariance. */
final class Whitening {

  private static final double EPSILON = Math.ulp(1.0);

  private final RealMatrix vectors;
  private final double[] roots;

  /** Eigenvalues up to {@code λ_max · d · ε} are taken for 0. */
  Whitening(double[][] covariance) {
    EigenDecompositionSymmetric eigen =
        new EigenDecompositionSymmetric(new Array2DRowRealMatrix(covariance, false));
    vectors = eigen.getV();
    double[] values = eigen.getEigenvalues();
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    roots = new double[values.length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = values[i] > largest * roots.length * EPSILON ? Math.sqrt(values[i]) : 0;
    }
  }

  /** {@code W·m}. */
  RealMatrix whiten(RealMatrix m) {
    return through(m, true);
  }

  /** {@code W⁺·m}. */
  RealMatrix unwhiten(RealMatrix m) {
    return through(m, false);
  }

  private RealMatrix through(RealMatrix m, boolean inverse) {
    RealMatrix turned = vectors.transpose().multiply(m);
    for (int i = 0; i < roots.length; i++) {
      double factor = roots[i] == 0 ? 0 : inverse ? 1 / roots[i] : roots[i];
      for (int j = 0; j < turned.getColumnDimension(); j++) {
        turned.multiplyEntry(i, j, factor);
      }
    }
    return vectors.multiply(turned);
  }
}
