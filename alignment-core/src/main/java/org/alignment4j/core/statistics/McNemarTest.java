package org.alignment4j.core.statistics;

import org.apiguardian.api.API;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * Exact test of two proportions over the same items (McNemar 1947): only items on which the models
 * disagree tell them apart, and without a difference each goes either way by a coin toss. It equals
 * {@link SignFlipTest} on outcomes of 0 and 1 with all sign patterns counted, at any size.
 * Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class McNemarTest {

  private McNemarTest() {}

  /**
   * Tests the proportion of the first minus the proportion of the second: {@code p = min(1, 2 · P(X
   * ≤ min(b, c)))} with {@code X ~ Binomial(b + c, ½)}, b items right only for the first and c only
   * for the second. No disagreement gives p = 1.
   *
   * @param first outcomes of one model by item
   * @param second outcomes of the other model on the same items
   * @throws IllegalArgumentException if the lengths differ or there is no item
   */
  public static TestResult exact(boolean[] first, boolean[] second) {
    Checks.requireSameLength("first", first.length, "second", second.length);
    Checks.requireSome("first", first.length);
    int onlyFirst = 0;
    int onlySecond = 0;
    for (int i = 0; i < first.length; i++) {
      onlyFirst += first[i] && !second[i] ? 1 : 0;
      onlySecond += !first[i] && second[i] ? 1 : 0;
    }
    int n = first.length;
    int disagreements = onlyFirst + onlySecond;
    double tail =
        disagreements == 0
            ? 1
            : new BinomialDistribution(disagreements, 0.5)
                .cumulativeProbability(Math.min(onlyFirst, onlySecond));
    double difference = (double) (onlyFirst - onlySecond) / n;
    return new TestResult(difference, Math.min(1, 2 * tail), true, disagreements, n, n);
  }
}
