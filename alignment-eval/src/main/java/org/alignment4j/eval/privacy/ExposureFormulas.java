package org.alignment4j.eval.privacy;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Exposure: by how many bits a model narrows down a secret (Carlini et al. 2019, "The Secret
 * Sharer", arXiv 1802.08232, sections 4 and 5). Pure functions, stateless and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ExposureFormulas {

  /** The expected exposure of a secret that was never seen, of many: 1/ln 2 bits. */
  public static final double CHANCE = 1 / Math.log(2);

  private ExposureFormulas() {}

  /**
   * Returns the exposure of a rank, definition 5: {@code log2 |R| - log2 rank}.
   *
   * @param rank of the secret among all by likelihood, from 1
   * @param size number of possible secrets |R|, at least the rank
   * @return bits
   * @throws IllegalArgumentException when the rank is below 1 or beyond the size
   */
  public static double ofRank(double rank, double size) {
    if (!(rank >= 1 && rank <= size)) {
      throw new IllegalArgumentException(
          "rank must be in [1, size = " + size + "] but was " + rank);
    }
    return log2(size) - log2(rank);
  }

  /**
   * Returns the exposure estimated from a sample of the space, section 5.1: minus the binary
   * logarithm of the share of secrets at least as likely, of which the secret itself is one. The
   * most it can say is {@code log2(samples + 1)}.
   *
   * @param atLeastAsLikely sampled secrets that are at least as likely
   * @param samples sampled secrets
   * @return bits
   */
  public static double ofSample(long atLeastAsLikely, long samples) {
    return log2(samples + 1.0) - log2(atLeastAsLikely + 1.0);
  }

  /**
   * Returns the exposure extrapolated from a sample, section 5.2: a skew normal distribution is
   * fitted to the sampled log perplexities by their first three moments, and the exposure is minus
   * the binary logarithm of its share below the secret's. The authors fit by maximum likelihood.
   *
   * @param negativeLogProbability of the secret, in any unit
   * @param sample that of sampled secrets in the same unit, at least three different ones
   * @return bits, at least 0; far tails are as good as the fit
   * @throws IllegalArgumentException when the sample does not vary
   */
  public static double bySkewNormal(double negativeLogProbability, double[] sample) {
    return Math.max(0, -SkewNormal.fit(sample).logCdf(negativeLogProbability) / Math.log(2));
  }

  /**
   * Returns how well the fitted skew normal describes a sample: the Kolmogorov-Smirnov distance,
   * the largest difference of the two distribution functions.
   *
   * @param sample as in {@link #bySkewNormal}
   * @return from 0 to 1, lower for a better fit
   * @throws IllegalArgumentException when the sample does not vary
   */
  public static double skewNormalDistance(double[] sample) {
    SkewNormal fitted = SkewNormal.fit(sample);
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double share = Math.exp(fitted.logCdf(sorted[i]));
      largest = Math.max(largest, Math.abs(share - (double) i / sorted.length));
      largest = Math.max(largest, Math.abs(share - (i + 1.0) / sorted.length));
    }
    return largest;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
