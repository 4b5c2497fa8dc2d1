package org.alignment4j.interp.head;

import org.alignment4j.interp.weights.Matrix;
import org.apiguardian.api.API;

/**
 * Mean attention along one diagonal of a pattern {@code [query, key]} (Olsson et al. 2022,
 * "In-context learning and induction heads"). All scores are from 0 to 1. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DiagonalScore {

  private DiagonalScore() {}

  /**
   * Previous-token score: the mean of {@code pattern[q, q−1]} over every query but the first.
   *
   * @throws IllegalArgumentException if the pattern is not square or of one token
   */
  public static double previousToken(Matrix pattern) {
    requireSquare(pattern);
    return mean(pattern, 1, pattern.rows(), 1);
  }

  /**
   * Duplicate-token score of a sequence {@code prefix + s + s}: the mean of {@code pattern[q,
   * q−|s|]} over the second copy, which attends to the same token in the first.
   *
   * @param prefix tokens before the first copy
   * @param period tokens of a copy, {@code |s|}
   * @throws IllegalArgumentException if the pattern is not of such a sequence
   */
  public static double duplicateToken(Matrix pattern, int prefix, int period) {
    requireRepeated(pattern, prefix, period);
    return mean(pattern, prefix + period, pattern.rows(), period);
  }

  /**
   * Induction score of a sequence {@code prefix + s + s}: the mean of {@code pattern[q, q−|s|+1]}
   * over the second copy, which attends to the token that followed its own in the first.
   *
   * @param prefix tokens before the first copy
   * @param period tokens of a copy, {@code |s|}, at least 2
   * @throws IllegalArgumentException if the pattern is not of such a sequence
   */
  public static double induction(Matrix pattern, int prefix, int period) {
    requireRepeated(pattern, prefix, period);
    return mean(pattern, prefix + period, pattern.rows(), period - 1);
  }

  /**
   * Induction score of a text that comes twice, with anything between, such as a name that is asked
   * for and repeated: the mean of {@code pattern[second + i, first + i + 1]}, each token of the
   * second copy attending to the token that followed it in the first.
   *
   * @param first where the first copy begins
   * @param second where the second copy begins, after the first
   * @param length tokens of a copy whose attention counts, at least 1
   * @throws IllegalArgumentException if the pattern is not square or the copies are not within it
   */
  public static double induction(Matrix pattern, int first, int second, int length) {
    requireSquare(pattern);
    if (first < 0 || second <= first || length < 1 || second + length > pattern.rows()) {
      throw new IllegalArgumentException(
          "first, second and length must be of two copies, one after the other, within "
              + pattern.rows()
              + " tokens but were "
              + first
              + ", "
              + second
              + " and "
              + length);
    }
    return mean(pattern, second, second + length, second - first - 1);
  }

  /**
   * The mean of a whole diagonal {@code pattern[q, q−distance]}, over every query that has such a
   * key. With a distance of {@code |s|−1} this is the induction score of TransformerLens, to which
   * queries before the second copy count as well.
   *
   * @param distance from a query back to its key, from 0
   * @throws IllegalArgumentException if the pattern is not square or has no such diagonal
   */
  public static double diagonal(Matrix pattern, int distance) {
    requireSquare(pattern);
    if (distance < 0 || distance >= pattern.rows()) {
      throw new IllegalArgumentException(
          "distance must be in [0, " + (pattern.rows() - 1) + "] but was " + distance);
    }
    return mean(pattern, distance, pattern.rows(), distance);
  }

  private static double mean(Matrix pattern, int from, int to, int distance) {
    double sum = 0;
    for (int q = from; q < to; q++) {
      sum += pattern.get(q, q - distance);
    }
    return sum / (to - from);
  }

  private static void requireSquare(Matrix pattern) {
    if (pattern.rows() != pattern.columns() || pattern.rows() < 2) {
      throw new IllegalArgumentException(
          "pattern must be of at least 2 queries and as many keys but was " + pattern);
    }
  }

  private static void requireRepeated(Matrix pattern, int prefix, int period) {
    requireSquare(pattern);
    if (prefix < 0 || period < 2 || pattern.rows() != prefix + 2 * period) {
      throw new IllegalArgumentException(
          "pattern must be of a prefix and two copies of at least 2 tokens, "
              + prefix
              + " + 2·"
              + period
              + " tokens, but was "
              + pattern);
    }
  }
}
