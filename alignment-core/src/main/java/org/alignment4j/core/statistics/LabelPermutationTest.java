package org.alignment4j.core.statistics;

import java.util.SplittableRandom;
import org.apiguardian.api.API;

/**
 * Permutation test of two independent samples: without a difference, which observation carries
 * which label is chance (Fisher 1935; Pitman 1937). The test statistic is the difference of the
 * means, two-sided. For scores of two models on the same items use {@link SignFlipTest}, which is
 * far more sensitive.
 *
 * <p>All divisions of the pooled observations are counted when there are no more of them than
 * {@code permutations}; otherwise so many random ones are drawn and {@code p = (1 + hits) / (1 +
 * permutations)} (Phipson and Smyth 2010, equation 2). Observations must be independent: there is
 * no form for clusters. The same seed gives the same result on every machine. Immutable and
 * thread-safe.
 *
 * @param permutations most divisions to look at, at least 1
 * @param seed seed of the random divisions
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record LabelPermutationTest(int permutations, long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if permutations are not positive
   */
  public LabelPermutationTest {
    Checks.requirePositive("permutations", permutations);
  }

  /** At most 2¹⁶ = 65536 divisions: exact up to 9 observations against 9. */
  public static LabelPermutationTest seeded(long seed) {
    return new LabelPermutationTest(1 << 16, seed);
  }

  /**
   * Tests the mean of the first minus the mean of the second sample.
   *
   * @param first observations of one group
   * @param second observations of the other group
   * @throws IllegalArgumentException if a sample is empty or an observation is not finite
   */
  public TestResult of(double[] first, double[] second) {
    Checks.requireSome("first", first.length);
    Checks.requireSome("second", second.length);
    Checks.requireFinite("first", first);
    Checks.requireFinite("second", second);
    double difference = Moments.mean(first) - Moments.mean(second);
    int n = first.length + second.length;
    double[] pooled = centred(first, second);
    double spread = 0;
    for (double value : pooled) {
      spread += Math.abs(value);
    }
    // With the pooled mean at 0, the difference of the means is proportional to the first sum.
    double observed = 0;
    for (int i = 0; i < first.length; i++) {
      observed += pooled[i];
    }
    double limit = Math.abs(observed) - 1e-12 * spread;
    double divisions = binomial(n, first.length);
    boolean exact = divisions <= permutations;
    long looked = exact ? Math.round(divisions) : permutations;
    double p =
        exact
            ? (double) hits(pooled, 0, first.length, 0, limit) / looked
            : (1.0 + randomHits(pooled, first.length, limit)) / (1.0 + looked);
    return new TestResult(difference, p, exact, looked, n, n);
  }

  private static double[] centred(double[] first, double[] second) {
    double[] pooled = new double[first.length + second.length];
    System.arraycopy(first, 0, pooled, 0, first.length);
    System.arraycopy(second, 0, pooled, first.length, second.length);
    double mean = Moments.mean(pooled);
    for (int i = 0; i < pooled.length; i++) {
      pooled[i] -= mean;
    }
    return pooled;
  }

  private static long hits(double[] pooled, int at, int left, double sum, double limit) {
    if (left == 0) {
      return Math.abs(sum) >= limit ? 1 : 0;
    }
    long taken = hits(pooled, at + 1, left - 1, sum + pooled[at], limit);
    return pooled.length - at > left ? taken + hits(pooled, at + 1, left, sum, limit) : taken;
  }

  private long randomHits(double[] pooled, int size, double limit) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] order = pooled.clone();
    long hits = 0;
    for (int p = 0; p < permutations; p++) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        int j = i + random.nextInt(order.length - i);
        double drawn = order[j];
        order[j] = order[i];
        order[i] = drawn;
        sum += drawn;
      }
      hits += Math.abs(sum) >= limit ? 1 : 0;
    }
    return hits;
  }

  private static double binomial(int n, int k) {
    double product = 1;
    int smaller = Math.min(k, n - k);
    for (int i = 1; i <= smaller; i++) {
      product = product * (n - smaller + i) / i;
    }
    return product;
  }
}
