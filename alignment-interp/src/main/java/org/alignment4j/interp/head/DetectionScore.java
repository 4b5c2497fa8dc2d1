package org.alignment4j.interp.head;

import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.interp.weights.Matrix;
import org.apiguardian.api.API;

/**
 * How well a pattern matches a detection pattern, after the head detector of TransformerLens, not
 * rounded. What is excluded counts as zero in both, in copies. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DetectionScore {

  private DetectionScore() {}

  /**
   * The score.
   *
   * @param pattern attention weights {@code [query, key]}
   * @param expected of the same size
   * @param measure how they are compared
   * @param exclusions what is left out
   * @return see {@link ErrorMeasure}; 0 where nothing is expected or nothing is attended to, empty
   *     for a sequence of one token
   * @throws IllegalArgumentException if the sizes differ
   */
  public static OptionalDouble of(
      Matrix pattern, DetectionPattern expected, ErrorMeasure measure, Set<Exclusion> exclusions) {
    Matrix mask = expected.mask();
    int n = mask.rows();
    if (pattern.rows() != n || pattern.columns() != n) {
      throw new IllegalArgumentException(
          "pattern must be of the detection pattern's size " + mask + " but was " + pattern);
    }
    if (n == 1) {
      return OptionalDouble.empty();
    }
    double expectedSum = 0;
    double attended = 0;
    double matched = 0;
    double differences = 0;
    for (int q = 0; q < n; q++) {
      for (int k = 0; k <= q; k++) {
        if ((k == 0 && exclusions.contains(Exclusion.FIRST_TOKEN))
            || (k == q && exclusions.contains(Exclusion.CURRENT_TOKEN))) {
          continue;
        }
        expectedSum += mask.get(q, k);
        attended += pattern.get(q, k);
        matched += pattern.get(q, k) * mask.get(q, k);
        differences += Math.abs(pattern.get(q, k) - mask.get(q, k));
      }
    }
    if (expectedSum == 0 || attended == 0) {
      return OptionalDouble.of(0);
    }
    // The mean is over all T·T places, those above the diagonal being equal.
    return OptionalDouble.of(
        measure == ErrorMeasure.MUL ? matched / attended : 1 - differences / n);
  }
}
