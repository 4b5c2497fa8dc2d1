package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/** Statistics over scored tokens, or over plain vectors, in double precision. Thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MaskedStatistics {

  /** What keeps the scale of whitening finite, under the root (TRL {@code masked_whiten}). */
  static final double EPSILON = 1e-8;

  private MaskedStatistics() {}

  /**
   * Returns the mean of scored values.
   *
   * @param values values that cover the mask
   * @param mask which tokens are scored
   * @return the mean; 0 where nothing is scored
   * @throws IllegalArgumentException when the shapes do not match
   */
  public static double mean(TokenValues values, CompletionMask mask) {
    return mean(values.flat(mask));
  }

  /**
   * Returns the variance of scored values.
   *
   * @param values values that cover the mask
   * @param mask which tokens are scored
   * @param variance the divisor
   * @return the variance; 0 where fewer than two tokens are scored
   * @throws IllegalArgumentException when the shapes do not match
   */
  public static double variance(TokenValues values, CompletionMask mask, Variance variance) {
    return variance(values.flat(mask), variance);
  }

  /**
   * Whitens scored values: {@code (x − μ)/√(σ² + 1e-8)}, plus μ where the mean is kept.
   *
   * @param values values that cover the mask
   * @param mask which tokens are scored
   * @param whitening what is done
   * @param variance the divisor of σ²
   * @return the result, shaped as the mask, 0 at tokens that are not scored; all 0 where fewer than
   *     two tokens are scored, unless nothing is done
   * @throws IllegalArgumentException when the shapes do not match
   */
  public static TokenValues whiten(
      TokenValues values, CompletionMask mask, Whitening whitening, Variance variance) {
    double[] scored = values.flat(mask);
    // The mean of equal values may differ from them by rounding, which the scale would blow up.
    double mean = scored.length > 0 && allEqual(scored) ? scored[0] : mean(scored);
    double scale = 1 / Math.sqrt(variance(scored, variance) + EPSILON);
    double[][] out = new double[mask.sequences()][];
    for (int s = 0; s < out.length; s++) {
      out[s] = new double[mask.length(s)];
      for (int t = 0; t < out[s].length; t++) {
        if (mask.scored(s, t)) {
          out[s][t] = whitening.apply(values.get(s, t), mean, scale, scored.length);
        }
      }
    }
    return TokenValues.owning(out);
  }

  /** The mean; 0 of nothing. */
  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return values.length == 0 ? 0 : sum / values.length;
  }

  /** The variance, computed in two passes; 0 of fewer than two values or of equal ones. */
  static double variance(double[] values, Variance variance) {
    if (values.length < 2 || allEqual(values)) {
      return 0;
    }
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return squares / variance.divisor(values.length);
  }

  /** Whether no two values differ; true of nothing. */
  static boolean allEqual(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }
}
