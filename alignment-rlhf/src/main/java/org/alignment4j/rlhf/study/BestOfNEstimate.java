package org.alignment4j.rlhf.study;

import java.util.Arrays;
import java.util.Comparator;

/** What the best of n samples is like, from N ≥ n samples. */
final class BestOfNEstimate {

  private BestOfNEstimate() {}

  /**
   * The divergence of the best of n from the policy that was sampled, {@code log n − (n−1)/n}:
   * exact for scores without ties and a bound otherwise.
   *
   * @param n at least 1
   * @return nats
   */
  static double kl(int n) {
    return Math.log(n) - (n - 1.0) / n;
  }

  /**
   * The probability that the best of n out of N samples is the i-th in ascending order, {@code
   * C(i−1, n−1)/C(N, n)}.
   *
   * @param total N
   * @param n from 1 to N
   * @return by rank from 0, adding up to 1
   */
  static double[] weights(int total, int n) {
    double[] weights = new double[total];
    // From the top, as each is the next one's share of it; nothing overflows.
    double weight = (double) n / total;
    for (int rank = total; rank >= n; rank--) {
      weights[rank - 1] = weight;
      weight *= rank > 1 ? (double) (rank - n) / (rank - 1) : 0;
    }
    return weights;
  }

  /**
   * The expected value of the sample that has the highest score among n, without bias: the mean
   * over all subsets of n of the N samples (Nakano et al. 2021, arXiv 2112.09332, appendix I). Of
   * equal scores each is the best as often.
   *
   * @param scores decide which is best
   * @param values what is asked of it
   * @param n from 1 to the number of samples
   */
  static double expected(double[] scores, double[] values, int n) {
    Integer[] ascending = new Integer[scores.length];
    Arrays.setAll(ascending, i -> i);
    Arrays.sort(ascending, Comparator.comparingDouble(i -> scores[i]));
    double[] weights = weights(scores.length, n);
    double expected = 0;
    for (int from = 0; from < ascending.length; ) {
      int to = from;
      double weight = 0;
      double sum = 0;
      while (to < ascending.length && scores[ascending[to]] == scores[ascending[from]]) {
        weight += weights[to];
        sum += values[ascending[to]];
        to++;
      }
      expected += weight * sum / (to - from);
      from = to;
    }
    return expected;
  }
}
