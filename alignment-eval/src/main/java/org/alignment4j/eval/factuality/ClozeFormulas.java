package org.alignment4j.eval.factuality;

import java.util.Arrays;
import org.apiguardian.api.API;

/** Ranks of right answers among candidates, and what guessing makes of them. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ClozeFormulas {

  private ClozeFormulas() {}

  /**
   * Returns the rank of the best right candidate: one more than the wrong ones that score at least
   * as high, so that ties count against it.
   *
   * @param scores a score for each candidate, none NaN
   * @param right whether each is right, at least one
   * @return from 1
   * @throws IllegalArgumentException when the lengths differ or none is right
   */
  public static int rank(double[] scores, boolean[] right) {
    if (scores.length != right.length) {
      throw new IllegalArgumentException(
          "right must have one value per candidate ("
              + scores.length
              + ") but had "
              + right.length);
    }
    double best = Double.NaN;
    for (int i = 0; i < scores.length; i++) {
      if (right[i] && !(best >= scores[i])) {
        best = scores[i];
      }
    }
    if (Double.isNaN(best)) {
      throw new IllegalArgumentException("a candidate must be right but none is");
    }
    int rank = 1;
    for (int i = 0; i < scores.length; i++) {
      rank += !right[i] && scores[i] >= best ? 1 : 0;
    }
    return rank;
  }

  /**
   * Returns how probable it is that the best of several right candidates has a rank when all orders
   * are equally likely, {@code C(c − r, t − 1) / C(c, t)}, where right ones do not push each other
   * down: the rank counts the wrong ones before the first right one.
   *
   * @param candidates number of candidates c
   * @param targets number of right ones t, from 1 to c
   * @return at index r − 1 the probability of rank r, from 1 to {@code c − t + 1}
   * @throws IllegalArgumentException unless {@code 1 ≤ t ≤ c}
   */
  public static double[] rankProbabilities(int candidates, int targets) {
    if (targets < 1 || targets > candidates) {
      throw new IllegalArgumentException(
          "targets must be in [1, candidates = " + candidates + "] but was " + targets);
    }
    double[] probabilities = new double[candidates - targets + 1];
    double before = 1;
    for (int r = 1; r <= probabilities.length; r++) {
      double left = candidates - r + 1.0;
      probabilities[r - 1] = before * targets / left;
      before *= (left - targets) / left;
    }
    return probabilities;
  }

  /**
   * Returns the rank that guessing has in the mean, {@code (c + 1)/(t + 1)}.
   *
   * @param candidates number of candidates c
   * @param targets number of right ones t, from 1 to c
   * @return from 1
   * @throws IllegalArgumentException unless {@code 1 ≤ t ≤ c}
   */
  public static double chanceRank(int candidates, int targets) {
    double[] probabilities = rankProbabilities(candidates, targets);
    double mean = 0;
    for (int r = 1; r <= probabilities.length; r++) {
      mean += r * probabilities[r - 1];
    }
    return mean;
  }

  /**
   * Returns the reciprocal of the rank that guessing has in the mean.
   *
   * @param candidates number of candidates c
   * @param targets number of right ones t, from 1 to c
   * @return from 0 to 1
   * @throws IllegalArgumentException unless {@code 1 ≤ t ≤ c}
   */
  public static double chanceReciprocalRank(int candidates, int targets) {
    double[] probabilities = rankProbabilities(candidates, targets);
    double mean = 0;
    for (int r = 1; r <= probabilities.length; r++) {
      mean += probabilities[r - 1] / r;
    }
    return mean;
  }

  /**
   * Returns the logarithm of a sum of probabilities given by their logarithms.
   *
   * @param logs log-probabilities, none NaN
   * @return {@code ln Σ exp}; negative infinity when all are impossible
   */
  public static double logSum(double[] logs) {
    double highest = Arrays.stream(logs).max().orElse(Double.NEGATIVE_INFINITY);
    return highest == Double.NEGATIVE_INFINITY
        ? highest
        : highest + Math.log(Arrays.stream(logs).map(log -> Math.exp(log - highest)).sum());
  }
}
