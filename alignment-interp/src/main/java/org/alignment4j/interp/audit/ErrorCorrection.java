package org.alignment4j.interp.audit;

import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.hipparchus.distribution.continuous.NormalDistribution;

/** A prevalence from a rate that was observed with errors (Rogan and Gladen 1978). */
final class ErrorCorrection {

  private ErrorCorrection() {}

  /**
   * {@code λ = (r − e)/(1 − 2e)} for equal errors either way, cut to [0, 1], with the variance
   * {@code (s_r/(1 − 2e))² + ((2r − 1)·s_e/(1 − 2e)²)²}.
   *
   * @param rate the rate observed
   * @param e probability of an error
   * @param deviation standard error of {@code e}
   * @return unknown where nothing was observed or the error is not below ½
   */
  static Estimate of(Estimate rate, double e, double deviation) {
    double left = 1 - 2 * e;
    if (rate.n() == 0 || !(left > 0)) {
      return Estimates.mean(new double[0], rate.confidence());
    }
    double value = cut((rate.value() - e) / left);
    double ofRate = rate.standardError() / left;
    double ofErrors = (2 * rate.value() - 1) * deviation / (left * left);
    double error = Math.sqrt(ofRate * ofRate + ofErrors * ofErrors);
    double low = value - reach(rate.value() - rate.ciLow(), left, ofErrors, rate);
    double high = value + reach(rate.ciHigh() - rate.value(), left, ofErrors, rate);
    boolean interval = !Double.isNaN(rate.ciLow());
    return new Estimate(
        value,
        error,
        interval ? cut(low) : Double.NaN,
        interval ? cut(high) : Double.NaN,
        rate.confidence(),
        rate.n(),
        rate.clusters(),
        rate.unscored(),
        rate.failed());
  }

  /** Half of the interval on one side: the rate's own, as Wilson's is, and the errors'. */
  private static double reach(double ofRate, double left, double ofErrors, Estimate rate) {
    double half = ofErrors * normalQuantile(rate.confidence());
    return Math.hypot(ofRate / left, half);
  }

  static double normalQuantile(double confidence) {
    return new NormalDistribution().inverseCumulativeProbability((1 + confidence) / 2);
  }

  private static double cut(double share) {
    return Math.min(1, Math.max(0, share));
  }
}
