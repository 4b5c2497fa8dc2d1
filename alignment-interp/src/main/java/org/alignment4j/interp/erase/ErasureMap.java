package org.alignment4j.interp.erase;

import java.util.Optional;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/**
 * The two factors of {@code I − P}, where {@code P} removes a concept.
 *
 * <p>Least-squares: {@code P = I − W⁺uuᵀW} with {@code W = (Σ^½)⁺} and {@code u} the left singular
 * vectors of {@code WΣ_xz} (Belrose et al. 2023, theorem 4.3). Where that raises the trace of the
 * covariance and this is not allowed, {@code αP + (1−α)Q} with the orthogonal projection {@code Q}
 * that has the same kernel: {@code Q = I − vvᵀ}, {@code v} an orthonormal basis of the columns of
 * {@code W⁺u}. Both kill {@code Σ_xz}, hence so does the mixture. It is again a projection, since
 * {@code (I−P)(I−Q) = I−Q} and {@code (I−Q)(I−P) = I−P} for two projections with one kernel, and
 * its factors are {@code v} and {@code vᵀ(αW⁺uuᵀW + (1−α)vvᵀ)}, without a decomposition of a {@code
 * [d, d]} matrix. A mixture with {@code I − uuᵀ}, whose kernel is another, would let the concept
 * back in.
 */
final class ErasureMap {

  private ErasureMap() {}

  /**
   * The factors.
   *
   * @param left {@code [d, r]}
   * @param right {@code [r, d]}; {@code I − P = left·right}
   */
  record Factors(RealMatrix left, RealMatrix right) {}

  /** The orthogonal map; empty where nothing of the concept is linearly there. */
  static Optional<Factors> orthogonal(double[][] cross, double tolerance) {
    return basis(new Array2DRowRealMatrix(cross, false), tolerance)
        .map(u -> new Factors(u, u.transpose()));
  }

  /**
   * The least-squares map.
   *
   * @param whitened the covariance that whitens, perhaps shrunk, {@code [d][d]}
   * @param covariance the covariance whose trace is constrained
   * @param cross {@code Σ_xz}, {@code [d][k]}
   * @return empty where nothing of the concept is linearly there
   */
  static Optional<Factors> leastSquares(
      double[][] whitened, double[][] covariance, double[][] cross, LeaceOptions options) {
    Whitening whitening = new Whitening(whitened);
    RealMatrix sigmaXz = new Array2DRowRealMatrix(cross, false);
    return basis(whitening.whiten(sigmaXz), options.singularValueTolerance())
        .map(
            u -> {
              Factors plain = new Factors(whitening.unwhiten(u), whitening.whiten(u).transpose());
              return options.constrainTrace() ? constrained(plain, covariance) : plain;
            });
  }

  /** Left singular vectors whose values exceed the tolerance, {@code [d, r]}. */
  private static Optional<RealMatrix> basis(RealMatrix matrix, double tolerance) {
    if (matrix.getFrobeniusNorm() <= tolerance || matrix.getFrobeniusNorm() == 0) {
      return Optional.empty();
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(matrix);
    double[] values = svd.getSingularValues();
    int rank = 0;
    while (rank < values.length && values[rank] > tolerance && values[rank] > 0) {
      rank++;
    }
    return rank == 0
        ? Optional.empty()
        : Optional.of(svd.getU().getSubMatrix(0, matrix.getRowDimension() - 1, 0, rank - 1));
  }

  private static Factors constrained(Factors plain, double[][] covariance) {
    RealMatrix sigma = new Array2DRowRealMatrix(covariance, false);
    double before = sigma.getTrace();
    double after = trace(plain, plain, sigma);
    if (!(after > before)) {
      return plain;
    }
    RealMatrix v =
        new SingularValueDecomposition(plain.left())
            .getU()
            .getSubMatrix(
                0, plain.left().getRowDimension() - 1, 0, plain.left().getColumnDimension() - 1);
    Factors orthogonal = new Factors(v, v.transpose());
    double alpha =
        share(after, trace(plain, orthogonal, sigma), trace(orthogonal, orthogonal, sigma), before);
    RealMatrix mixed =
        v.transpose()
            .multiply(plain.left())
            .multiply(plain.right())
            .scalarMultiply(alpha)
            .add(v.transpose().scalarMultiply(1 - alpha));
    return new Factors(v, mixed);
  }

  /**
   * The largest α in [0, 1] with {@code α²a + 2α(1−α)b + (1−α)²c = w}, given {@code c ≤ w < a}: the
   * form is convex in α, so that this is the larger of its two roots.
   */
  static double share(double a, double b, double c, double w) {
    double square = a - 2 * b + c;
    double half = b - c;
    double root = Math.sqrt(Math.max(0, half * half - square * (c - w)));
    return Math.min(1, Math.max(0, (root - half) / square));
  }

  /** {@code tr(P₁ Σ P₂ᵀ)}. */
  private static double trace(Factors one, Factors two, RealMatrix sigma) {
    RealMatrix first = one.right().multiply(sigma);
    RealMatrix second = two.right().multiply(sigma);
    RealMatrix product =
        first
            .multiply(two.right().transpose())
            .multiply(two.left().transpose().multiply(one.left()));
    return sigma.getTrace()
        - first.multiply(one.left()).getTrace()
        - second.multiply(two.left()).getTrace()
        + product.getTrace();
  }
}
