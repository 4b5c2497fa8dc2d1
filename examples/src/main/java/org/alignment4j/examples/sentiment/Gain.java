package org.alignment4j.examples.sentiment;

import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;

/** How much a score rose from one model to another, in standard deviations. */
final class Gain {

  private Gain() {}

  /**
   * Mean of {@code after − before} over replies to the same prompts, divided by the standard
   * deviation of {@code before} (divisor n − 1), with an interval clustered by prompt. The
   * deviation counts as known; no value where it is 0.
   */
  static Estimate of(double[] before, double[] after, int[] prompts) {
    double deviation = deviation(before);
    if (deviation == 0) {
      return Estimates.mean(new double[0]);
    }
    Estimate e =
        Estimates.clusteredPairedDifference(after, before, prompts, Estimates.DEFAULT_CONFIDENCE);
    return new Estimate(
        e.value() / deviation,
        e.standardError() / deviation,
        e.ciLow() / deviation,
        e.ciHigh() / deviation,
        e.confidence(),
        e.n(),
        e.clusters(),
        e.unscored(),
        e.failed());
  }

  /** Standard deviation, divisor n − 1. */
  static double deviation(double[] values) {
    return Estimates.mean(values).standardError() * Math.sqrt(values.length);
  }
}
