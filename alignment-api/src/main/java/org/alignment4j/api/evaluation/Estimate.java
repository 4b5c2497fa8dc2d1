package org.alignment4j.api.evaluation;

import java.util.Locale;
import org.apiguardian.api.API;

/**
 * A figure with its uncertainty and what it rests on.
 *
 * @param value the estimate; NaN only when nothing was observed ({@code n = 0})
 * @param standardError the standard error, in the unit of the value; NaN when it cannot be known,
 *     such as from one observation
 * @param ciLow lower end of the confidence interval; NaN when it cannot be known
 * @param ciHigh upper end of the confidence interval; NaN when it cannot be known
 * @param confidence level of the interval, such as 0.95
 * @param n observations behind the value
 * @param clusters independent groups among them; equal to {@code n} when all are independent
 * @param unscored observations without a verdict, left out of the value
 * @param failed observations whose call failed, left out of the value
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Estimate(
    double value,
    double standardError,
    double ciLow,
    double ciHigh,
    double confidence,
    long n,
    long clusters,
    long unscored,
    long failed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a count is negative, there are more clusters than
   *     observations, the standard error is negative, the interval is reversed, the level is
   *     outside (0, 1), or the value is NaN although something was observed
   */
  public Estimate {
    if (n < 0 || clusters < 0 || unscored < 0 || failed < 0) {
      throw new IllegalArgumentException(
          "n, clusters, unscored and failed must not be negative but were "
              + n
              + ", "
              + clusters
              + ", "
              + unscored
              + " and "
              + failed);
    }
    if (clusters > n) {
      throw new IllegalArgumentException(
          "clusters must be at most n = " + n + " but was " + clusters);
    }
    if (Double.isNaN(value) && n > 0) {
      throw new IllegalArgumentException("value must be a number when n = " + n + " but was NaN");
    }
    if (standardError < 0) {
      throw new IllegalArgumentException(
          "standardError must not be negative but was " + standardError);
    }
    if (ciLow > ciHigh || Double.isNaN(ciLow) != Double.isNaN(ciHigh)) {
      throw new IllegalArgumentException(
          "ciLow must be at most ciHigh but they were " + ciLow + " and " + ciHigh);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1) but was " + confidence);
    }
  }

  /**
   * Returns whether the interval contains a value.
   *
   * @param other the value asked about
   * @return true when it lies in the interval, ends included; false when the interval is unknown
   */
  public boolean contains(double other) {
    return ciLow <= other && other <= ciHigh;
  }

  /** Returns the figure as text, such as {@code 0.713 [0.662, 0.759] (n = 200)}. */
  @Override
  public String toString() {
    String counts = "n = " + n;
    if (clusters != n) {
      counts += ", clusters = " + clusters;
    }
    if (unscored > 0) {
      counts += ", unscored = " + unscored;
    }
    if (failed > 0) {
      counts += ", failed = " + failed;
    }
    return String.format(Locale.ROOT, "%.4g [%.4g, %.4g] (%s)", value, ciLow, ciHigh, counts);
  }
}
