package org.alignment4j.interp.erase;

import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.CovarianceEstimator;
import org.apiguardian.api.API;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;

/**
 * Erasure of rows whose labels are known: {@code x − Σ_xz Σ_zz⁺ (z − μ_z)}, the residual of a
 * linear regression on the labels. It changes rows less than any map without labels that guards as
 * well, and is the bound that {@link LeaceFitter} is compared with; a model has no labels to give
 * it. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OracleEraser {

  private final double[][] coefficients;
  private final double[] meanZ;

  private OracleEraser(double[][] coefficients, double[] meanZ) {
    this.coefficients = coefficients;
    this.meanZ = meanZ;
  }

  /**
   * Fits.
   *
   * @param x {@code [n, d]}
   * @param z {@code [n][k]}
   * @throws IllegalArgumentException if there are fewer than two rows, their numbers differ, or a
   *     label is not finite
   */
  public static OracleEraser fit(Rows x, double[][] z) {
    if (x.count() < 2 || z.length == 0) {
      throw new IllegalArgumentException(
          "an eraser needs at least two labelled rows but got " + x.count());
    }
    int labels = z[0].length;
    Labels.require(x.count(), labels, z);
    CrossCovariance cross = new CrossCovariance(x.width(), labels);
    cross.update(x, z);
    CovarianceEstimator ofLabels = new CovarianceEstimator(labels);
    for (double[] row : z) {
      ofLabels.update(row);
    }
    return of(cross.covariance(), ofLabels.covariance(), cross.meanZ());
  }

  private static OracleEraser of(double[][] cross, double[][] covarianceZ, double[] meanZ) {
    Whitening whitening = new Whitening(covarianceZ);
    RealMatrix crossZx = new Array2DRowRealMatrix(cross, false).transpose();
    RealMatrix solved = whitening.whiten(whitening.whiten(crossZx));
    return new OracleEraser(solved.transpose().getData(), meanZ);
  }

  /**
   * Erases rows.
   *
   * @param x {@code [n, d]}
   * @param z the labels of each, {@code [n][k]}
   * @throws IllegalArgumentException if widths or numbers of rows differ, or a label is not finite
   */
  public Rows erase(Rows x, double[][] z) {
    x.requireWidth(coefficients.length);
    Labels.require(x.count(), meanZ.length, z);
    float[] out = x.toArray();
    for (int i = 0; i < x.count(); i++) {
      for (int j = 0; j < x.width(); j++) {
        double explained = 0;
        for (int k = 0; k < meanZ.length; k++) {
          explained += coefficients[j][k] * (z[i][k] - meanZ[k]);
        }
        out[i * x.width() + j] = (float) (out[i * x.width() + j] - explained);
      }
    }
    return Rows.of(x.width(), out);
  }
}
