package org.alignment4j.interp.regression;

import java.util.Arrays;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/**
 * Logistic regression with an L2 penalty: the minimum of {@code (1/n) Σ log(1 + exp(−sᵢ(w·xᵢ + b)))
 * + (l2/2)|w|²}, {@code sᵢ = ±1}, which has no step size to depend on. The penalty of scikit-learn
 * is {@code l2 = 1/(C·n)}. Immutable and thread-safe.
 *
 * @param l2 penalty of the weights; the intercept has none
 * @param intercept whether there is a {@code b}
 * @param solver how the minimum is found
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LogisticRegression(double l2, boolean intercept, Lbfgs solver) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the penalty is negative or not finite
   */
  public LogisticRegression {
    if (!(l2 >= 0) || Double.isInfinite(l2)) {
      throw new IllegalArgumentException("l2 must be finite and not negative but was " + l2);
    }
  }

  /** A regression with intercept and the usual solver. */
  public static LogisticRegression of(double l2) {
    return new LogisticRegression(l2, true, Lbfgs.defaults());
  }

  /** The same without intercept. */
  public LogisticRegression withoutIntercept() {
    return new LogisticRegression(l2, false, solver);
  }

  /**
   * A fitted regression: {@code p(positive) = sigmoid(weights·x + bias)}.
   *
   * @param weights a new array, as long as a row
   * @param bias 0 without intercept
   * @param converged whether the gradient reached the solver's tolerance
   * @param iterations steps of the solver
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Fit(double[] weights, double bias, boolean converged, int iterations) {}

  /**
   * Fits.
   *
   * @param x {@code [n, d]}
   * @param positive the class of each row
   * @param cancellation asks to stop at the next step
   * @throws IllegalArgumentException if there are not as many labels as rows, a class has no row,
   *     or the classes are separable and nothing is penalised
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Fit fit(Rows x, boolean[] positive, CancellationToken cancellation) {
    BinaryLabels.require(x, positive);
    double[] start = new double[x.width() + (intercept ? 1 : 0)];
    Lbfgs.Minimum minimum =
        solver.minimise(new LogisticLoss(x, positive, l2, intercept), start, cancellation);
    double[] weights = Arrays.copyOf(minimum.point(), x.width());
    double bias = intercept ? minimum.point()[x.width()] : 0;
    if (l2 == 0 && separates(x, positive, weights, bias)) {
      throw new IllegalArgumentException(
          "l2 must be positive where a plane separates the classes, since the weights would grow"
              + " without end, but was 0 for "
              + x.count()
              + " separable rows");
    }
    return new Fit(weights, bias, minimum.converged(), minimum.iterations());
  }

  private static boolean separates(Rows x, boolean[] positive, double[] weights, double bias) {
    for (int i = 0; i < x.count(); i++) {
      double score = x.dot(i, weights) + bias;
      if (positive[i] ? score <= 0 : score >= 0) {
        return false;
      }
    }
    return true;
  }
}
