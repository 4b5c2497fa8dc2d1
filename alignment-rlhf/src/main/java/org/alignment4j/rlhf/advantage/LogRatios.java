package org.alignment4j.rlhf.advantage;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Differences of log-probabilities, shaped as a mask, 0 at tokens that are not scored.
 *
 * @param values {@code [sequences][tokens]}
 * @param mask which tokens are scored
 */
record LogRatios(TokenValues values, CompletionMask mask) {

  static LogRatios of(TokenValues above, TokenValues below, CompletionMask mask) {
    Shapes.requireCovers("log-probabilities", above, mask);
    Shapes.requireCovers("log-probabilities", below, mask);
    double[][] rows = new double[mask.sequences()][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = new double[mask.length(s)];
      for (int t = 0; t < rows[s].length; t++) {
        rows[s][t] = mask.scored(s, t) ? above.get(s, t) - below.get(s, t) : 0;
      }
    }
    return new LogRatios(TokenValues.owning(rows), mask);
  }

  double[] sums() {
    return values.sums(mask);
  }

  /** The mean over the scored tokens of each sequence; 0 where there is none. */
  double[] means() {
    double[] means = sums();
    for (int s = 0; s < means.length; s++) {
      means[s] /= Math.max(1, mask.count(s));
    }
    return means;
  }

  /** The bounded weights of given log ratios at scored tokens. */
  TokenValues weights(TokenValues logs, DoubleUnaryOperator bounded) {
    double[] ones = new double[mask.sequences()];
    Arrays.fill(ones, 1);
    return TokenValues.broadcast(ones, mask)
        .combine(logs, (one, log) -> one == 0 ? 0 : bounded.applyAsDouble(Math.exp(log)));
  }

  static void requireInterval(double low, double high) {
    if (!(low >= 0 && low <= 1)) {
      throw new IllegalArgumentException("low must be in [0, 1] but was " + low);
    }
    if (!(high >= 1) || Double.isInfinite(high)) {
      throw new IllegalArgumentException("high must be finite and at least 1 but was " + high);
    }
  }
}
