package org.alignment4j.interp.head;

import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.weights.Matrix;
import org.apiguardian.api.API;

/**
 * Where a head of some kind would attend: a mask {@code [query, key]} of numbers from 0 to 1, zero
 * where the key comes after the query. Immutable and thread-safe.
 *
 * @param mask the mask
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DetectionPattern(Matrix mask) {

  /**
   * Checks the mask.
   *
   * @throws IllegalArgumentException if it is not square, has a number that is not from 0 to 1, or
   *     one above 0 where the key comes after the query
   */
  public DetectionPattern {
    if (mask.rows() != mask.columns()) {
      throw new IllegalArgumentException(
          "mask must be square, one row and one column a token, but was " + mask);
    }
    for (int q = 0; q < mask.rows(); q++) {
      for (int k = 0; k < mask.columns(); k++) {
        double x = mask.get(q, k);
        if (!(x >= 0 && x <= 1)) {
          throw new IllegalArgumentException(
              "mask must be from 0 to 1 but was " + x + " at query " + q + ", key " + k);
        }
        if (k > q && x != 0) {
          throw new IllegalArgumentException(
              "mask must be 0 where the key comes after the query but was "
                  + x
                  + " at query "
                  + q
                  + ", key "
                  + k);
        }
      }
    }
  }

  /**
   * Each token attends to the one before it.
   *
   * @param length number of tokens
   * @throws IllegalArgumentException if it is not positive
   */
  public static DetectionPattern previousToken(int length) {
    return new DetectionPattern(Matrix.generate(length, length, (q, k) -> k == q - 1 ? 1 : 0));
  }

  /**
   * Each token attends to the same tokens before it.
   *
   * @throws IllegalArgumentException if there is no token
   */
  public static DetectionPattern duplicateToken(TokenIds tokens) {
    int n = tokens.size();
    return new DetectionPattern(
        Matrix.generate(n, n, (q, k) -> k < q && tokens.get(q) == tokens.get(k) ? 1 : 0));
  }

  /**
   * Each token attends to those that followed the same tokens before it.
   *
   * @throws IllegalArgumentException if there is no token
   */
  public static DetectionPattern induction(TokenIds tokens) {
    int n = tokens.size();
    return new DetectionPattern(
        Matrix.generate(
            n, n, (q, k) -> k >= 1 && k <= q && tokens.get(q) == tokens.get(k - 1) ? 1 : 0));
  }
}
