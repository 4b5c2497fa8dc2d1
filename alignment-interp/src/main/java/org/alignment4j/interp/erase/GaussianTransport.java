package org.alignment4j.interp.erase;

import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/** Optimal transport between centred normal distributions, which their covariances determine. */
final class GaussianTransport {

  private static final double EPSILON = Math.ulp(1.0);
  private static final double TOLERANCE = 1e-12;
  private static final int MOST_STEPS = 500;

  private GaussianTransport() {}

  /**
   * The map {@code T} with {@code TAT = B} that moves least in the mean square: {@code A^-½ (A^½ B
   * A^½)^½ A^-½} (Peyré and Cuturi 2019, remark 2.31), symmetric. Where A has no variance, T is 0.
   *
   * @param from A
   * @param to B
   */
  static RealMatrix map(RealMatrix from, RealMatrix to) {
    Roots roots = new Roots(from);
    RealMatrix inner = roots.root().multiply(to).multiply(roots.root());
    return symmetric(
        roots
            .inverseRoot()
            .multiply(new Roots(symmetric(inner)).root())
            .multiply(roots.inverseRoot()));
  }

  /**
   * The covariance to which several are transported at least cost, weighted: the fixed point of
   * {@code S ← S^-½ (Σ λ_k (S^½ Σ_k S^½)^½)² S^-½} (Álvarez-Esteban et al. 2016, equation 7), from
   * their mean.
   *
   * @param weights sum to 1
   */
  static RealMatrix barycenter(List<RealMatrix> covariances, double[] weights) {
    int d = covariances.get(0).getRowDimension();
    RealMatrix present = new Array2DRowRealMatrix(d, d);
    for (int k = 0; k < weights.length; k++) {
      present = present.add(covariances.get(k).scalarMultiply(weights[k]));
    }
    for (int step = 0; step < MOST_STEPS; step++) {
      Roots roots = new Roots(present);
      RealMatrix sum = new Array2DRowRealMatrix(d, d);
      for (int k = 0; k < weights.length; k++) {
        RealMatrix inner = roots.root().multiply(covariances.get(k)).multiply(roots.root());
        sum = sum.add(new Roots(symmetric(inner)).root().scalarMultiply(weights[k]));
      }
      RealMatrix next =
          symmetric(roots.inverseRoot().multiply(sum).multiply(sum).multiply(roots.inverseRoot()));
      double change = next.subtract(present).getFrobeniusNorm();
      present = next;
      if (change <= TOLERANCE * present.getFrobeniusNorm()) {
        break;
      }
    }
    return present;
  }

  private static RealMatrix symmetric(RealMatrix matrix) {
    return matrix.add(matrix.transpose()).scalarMultiply(0.5);
  }

  /** The roots of a covariance from one decomposition. */
  private static final class Roots {
    private final RealMatrix vectors;
    private final double[] values;

    /** Eigenvalues up to {@code λ_max · d · ε} are taken for 0. */
    Roots(RealMatrix covariance) {
      EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(covariance);
      vectors = eigen.getV();
      double[] found = eigen.getEigenvalues();
      double largest = 0;
      for (double value : found) {
        largest = Math.max(largest, value);
      }
      values = new double[found.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = found[i] > largest * values.length * EPSILON ? Math.sqrt(found[i]) : 0;
      }
    }

    RealMatrix root() {
      return of(values);
    }

    RealMatrix inverseRoot() {
      double[] inverses = new double[values.length];
      for (int i = 0; i < inverses.length; i++) {
        inverses[i] = values[i] == 0 ? 0 : 1 / values[i];
      }
      return of(inverses);
    }

    private RealMatrix of(double[] diagonal) {
      return vectors
          .multiply(MatrixUtils.createRealDiagonalMatrix(diagonal))
          .multiply(vectors.transpose());
    }
  }
}
