package org.alignment4j.core.statistics;

/** The logistic function and its logarithm without overflow. */
final class LogOdds {

  private LogOdds() {}

  static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  /** {@code log(1 + e^x) = −log σ(−x)}. */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
