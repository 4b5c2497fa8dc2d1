package org.alignment4j.eval.privacy;

import org.alignment4j.api.evaluation.Estimate;

/**
 * Intervals where a bootstrap has none, since all resamples of what is told apart without exception
 * are alike. Exact intervals of a proportion of {@code k} of {@code k} (Clopper and Pearson 1934,
 * Biometrika 26(4)): the lower end is {@code (α/2)^(1/k)}. Pure functions.
 */
final class SeparationBounds {

  private SeparationBounds() {}

  /**
   * The area under the ROC is the probability that a member scores higher than another text. Put
   * into disjoint pairs at random, {@code k = min(members, others)} of them are independent trials
   * of that, and all succeeded; pairs that share a text are not counted, so that the interval is
   * rather too wide.
   *
   * @param area as bootstrapped; returned as it is unless it is 0 or 1 and has no interval
   * @param members texts of training
   * @param others the other texts
   */
  static Estimate area(Estimate area, long members, long others) {
    return bounded(area, Math.min(members, others));
  }

  /**
   * The share of members found at a false-positive rate, the threshold being taken as given: each
   * member is a trial.
   *
   * @param share as bootstrapped; returned as it is unless it is 0 or 1 and has no interval
   * @param members texts of training
   */
  static Estimate share(Estimate share, long members) {
    return bounded(share, members);
  }

  private static Estimate bounded(Estimate estimate, long trials) {
    double value = estimate.value();
    if (trials == 0 || !Double.isNaN(estimate.ciLow()) || !(value == 0 || value == 1)) {
      return estimate;
    }
    double low = Math.pow((1 - estimate.confidence()) / 2, 1.0 / trials);
    return new Estimate(
        value,
        estimate.standardError(),
        value == 1 ? low : 0,
        value == 1 ? 1 : 1 - low,
        estimate.confidence(),
        estimate.n(),
        estimate.clusters(),
        estimate.unscored(),
        estimate.failed());
  }
}
