package org.alignment4j.interp.probe;

import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.CovarianceEstimator;
import org.alignment4j.interp.direction.MeanEstimator;
import org.alignment4j.interp.regression.BinaryLabels;
import org.alignment4j.interp.regression.Lbfgs;
import org.alignment4j.interp.regression.LogisticRegression;
import org.apiguardian.api.API;

/**
 * How a probe is made of labelled rows. Every method centres the rows at their mean first, so that
 * a constant added to all of them changes no score. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface ProbeMethod {

  /** A short name, for reports. */
  String label();

  /**
   * Fits a probe.
   *
   * @param name what is detected, such as {@code truth}
   * @param site where the rows come from
   * @param rows {@code [n, d]}
   * @param positive the class of each row
   * @param cancellation asks to stop at the next step
   * @throws IllegalArgumentException if there are not as many labels as rows, a class has no row,
   *     or the method finds no direction
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  LinearProbe fit(
      String name,
      ActivationSite site,
      Rows rows,
      boolean[] positive,
      CancellationToken cancellation);

  /** Logistic regression with the penalty 1/n of scikit-learn's default ({@code C = 1}). */
  static ProbeMethod logistic() {
    return new Logistic(Double.NaN, true);
  }

  /**
   * Logistic regression.
   *
   * @param l2 penalty of the mean loss
   * @throws IllegalArgumentException if it is negative or not finite
   */
  static ProbeMethod logistic(double l2) {
    if (Double.isNaN(l2)) {
      throw new IllegalArgumentException("l2 must be a number but was NaN");
    }
    return new Logistic(l2, true);
  }

  /** The mass-mean probe. */
  static ProbeMethod massMean() {
    return new MassMean(false, MassMean.DEFAULT_TOLERANCE);
  }

  /** The mass-mean probe for rows alike those it was fitted on, tilted by their covariance. */
  static ProbeMethod massMeanIid() {
    return new MassMean(true, MassMean.DEFAULT_TOLERANCE);
  }

  /**
   * Logistic regression on centred rows.
   *
   * @param l2 penalty of the mean loss, {@code (l2/2)|w|²}; NaN for 1/n
   * @param intercept whether the boundary may pass beside the mean
   */
  record Logistic(double l2, boolean intercept) implements ProbeMethod {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the penalty is negative or infinite
     */
    public Logistic {
      if (l2 < 0 || Double.isInfinite(l2)) {
        throw new IllegalArgumentException("l2 must be finite and not negative but was " + l2);
      }
    }

    @Override
    public String label() {
      return Double.isNaN(l2) ? "logistic" : "logistic, l2 " + l2;
    }

    @Override
    public LinearProbe fit(
        String name,
        ActivationSite site,
        Rows rows,
        boolean[] positive,
        CancellationToken cancellation) {
      BinaryLabels.require(rows, positive);
      double[] centre = Centre.of(rows);
      double penalty = Double.isNaN(l2) ? 1.0 / rows.count() : l2;
      LogisticRegression.Fit fit =
          new LogisticRegression(penalty, intercept, Lbfgs.defaults())
              .fit(Centre.subtracted(rows, centre), positive, cancellation);
      LinearScore centred = LinearScore.centred(fit.weights(), centre);
      return new LinearProbe(
          name, site, new LinearScore(centred.weights(), centred.bias() + fit.bias()));
    }
  }

  /**
   * {@code θ = μ⁺ − μ⁻}; for like rows {@code Σ⁻¹θ}, the covariance {@code Σ} that of each class
   * around its own mean, divisor n (Marks and Tegmark 2023, arXiv 2310.06824, section 5).
   *
   * @param iid whether to multiply by the inverse of the covariance
   * @param tolerance eigenvalues of the covariance up to this are left out of its inverse; absolute
   */
  record MassMean(boolean iid, double tolerance) implements ProbeMethod {
    /** As in geometry-of-truth. */
    public static final double DEFAULT_TOLERANCE = 1e-3;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the tolerance is negative or not finite
     */
    public MassMean {
      if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
        throw new IllegalArgumentException(
            "tolerance must be finite and not negative but was " + tolerance);
      }
    }

    @Override
    public String label() {
      return iid ? "mass-mean, iid" : "mass-mean";
    }

    @Override
    public LinearProbe fit(
        String name,
        ActivationSite site,
        Rows rows,
        boolean[] positive,
        CancellationToken cancellation) {
      BinaryLabels.require(rows, positive);
      MeanEstimator above = new MeanEstimator(rows.width());
      MeanEstimator below = new MeanEstimator(rows.width());
      for (int i = 0; i < positive.length; i++) {
        (positive[i] ? above : below).update(rows.row(i));
      }
      double[] theta = above.mean();
      double[] other = below.mean();
      boolean differ = false;
      for (int j = 0; j < theta.length; j++) {
        theta[j] -= other[j];
        differ |= theta[j] != 0;
      }
      if (!differ) {
        throw new IllegalArgumentException(
            "the classes must have different means but those of "
                + rows.count()
                + " rows are the same");
      }
      double[] weights =
          iid ? PseudoInverse.times(withinClasses(rows, positive), theta, tolerance) : theta;
      return new LinearProbe(name, site, LinearScore.centred(weights, Centre.of(rows)));
    }

    private static double[][] withinClasses(Rows rows, boolean[] positive) {
      CovarianceEstimator above = new CovarianceEstimator(rows.width());
      CovarianceEstimator below = new CovarianceEstimator(rows.width());
      for (int i = 0; i < positive.length; i++) {
        (positive[i] ? above : below).update(rows.row(i));
      }
      double[][] within = above.populationCovariance();
      double[][] other = below.populationCovariance();
      double share = (double) above.count() / positive.length;
      for (int i = 0; i < within.length; i++) {
        for (int j = 0; j < within.length; j++) {
          within[i][j] = share * within[i][j] + (1 - share) * other[i][j];
        }
      }
      return within;
    }
  }
}
