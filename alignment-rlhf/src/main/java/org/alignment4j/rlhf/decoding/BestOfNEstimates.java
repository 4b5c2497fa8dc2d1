package org.alignment4j.rlhf.decoding;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.alignment4j.core.statistics.BestOfK;
import org.apiguardian.api.API;

/**
 * What the best of n answers scores, estimated without bias from N ≥ n samples of a prompt: the
 * mean over all subsets of n samples of what the best of the subset by a proxy scores (Nakano et
 * al. 2021, arXiv 2112.09332, section 4.3; Gao et al. 2022, arXiv 2210.10760). Pure functions.
 *
 * <p>The i-th smallest of N samples by the proxy, counted from 1, is the best of {@code C(i − 1, n
 * − 1)} of the {@code C(N, n)} subsets. Of equal proxy scores each is the best as often, so that
 * the order of the samples does not matter. {@link BestOfN} takes the first of them; as samples are
 * drawn independently of each other, that has the same expectation, and the mean over ties has less
 * variance.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BestOfNEstimates {

  private BestOfNEstimates() {}

  /**
   * Returns how likely each sample is to be the best of n drawn without replacement.
   *
   * @param samples N, at least n
   * @param n at least 1
   * @return weights of the samples in ascending order of the proxy, {@code [N]}, which sum to 1; 0
   *     for the n − 1 smallest
   * @throws IllegalArgumentException unless {@code 1 ≤ n ≤ N}
   */
  public static double[] weights(int samples, int n) {
    if (n < 1 || n > samples) {
      throw new IllegalArgumentException(
          "n must be in [1, samples = "
              + samples
              + "] but was "
              + n
              + "; draw at least n samples of each prompt");
    }
    double[] weights = new double[samples];
    // From C(N − 1, n − 1)/C(N, n) = n/N downwards by ratios, so that nothing overflows and the
    // weights that are too small to be told from 0 are those that do not count.
    double weight = (double) n / samples;
    for (int i = samples; i >= n; i--) {
      weights[i - 1] = weight;
      weight *= i > 1 ? (double) (i - n) / (i - 1) : 0;
    }
    return weights;
  }

  /**
   * Returns what the best of n by a proxy is expected to score by another measure, such as a gold
   * reward: for n = 1 the mean, for n = N the score of the best of all.
   *
   * @param proxy what the choice goes by, of each sample
   * @param gold what is reported, of each sample; the proxy itself gives the expected proxy score,
   *     which never falls as n grows
   * @param n from 1 to the number of samples
   * @return the mean over all subsets of n of what the best of the subset scores, which is the mean
   *     over the best where several have the highest proxy score; zeros of either sign are equal
   * @throws IllegalArgumentException when the lengths differ, a number is not finite, named by its
   *     index, or n is out of range
   */
  public static double expected(double[] proxy, double[] gold, int n) {
    if (proxy.length != gold.length) {
      throw new IllegalArgumentException(
          "proxy and gold must have one score for each sample but have "
              + proxy.length
              + " and "
              + gold.length);
    }
    requireFinite("proxy", proxy);
    requireFinite("gold", gold);
    double[] weights = weights(proxy.length, n);
    int[] ascending =
        IntStream.range(0, proxy.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> proxy[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double sum = 0;
    for (int from = 0; from < ascending.length; ) {
      int to = from;
      double weight = 0;
      double ofTies = 0;
      while (to < ascending.length && proxy[ascending[to]] == proxy[ascending[from]]) {
        weight += weights[to];
        ofTies += gold[ascending[to]];
        to++;
      }
      sum += weight * ofTies / (to - from);
      from = to;
    }
    return sum;
  }

  /**
   * Returns pass@k, the probability that one of k samples is right: {@code 1 − C(N − c, k)/C(N, k)}
   * (Chen et al. 2021, arXiv 2107.03374, equation 1), which is {@link #expected} of scores of 0 and
   * 1 that are their own proxy.
   *
   * @param samples N
   * @param right c, how many of them are right
   * @param k from 1 to N
   * @return a probability
   * @throws IllegalArgumentException unless {@code 0 ≤ c ≤ N} and {@code 1 ≤ k ≤ N}
   */
  public static double passAtK(int samples, int right, int k) {
    return BestOfK.passAtK(samples, right, k);
  }

  private static void requireFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + "[" + i + "] must be finite but was " + values[i]);
      }
    }
  }
}
