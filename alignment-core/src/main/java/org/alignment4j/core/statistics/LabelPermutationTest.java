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
 * no form for clusters. Divisions whose difference equals the observed one but for the rounding of
 * the observations count as ties, wherever the observations lie: adding a constant to all of them
 * leaves the p-value as it is. The same seed gives the same result on every machine. Immutable and
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
   * @throws IllegalArgumentException if a sample is empty or an observation is not finite or above
   *     1e150 in magnitude, named by its index
   */
  public TestResult of(double[] first, double[] second) {
    Checks.requireSome("first", first.length);
    Checks.requireSome("second", second.length);
    Checks.requireModerate("first", first);
    Checks.requireModerate("second", second);
    double difference = Moments.mean(first) - Moments.mean(second);
    int n = first.length + second.length;
    Pool pool = Pool.of(first, second);
    double observed = 0;
    for (int i = 0; i < first.length; i++) {
      observed += pool.values[i];
    }
    double limit = pool.distance(observed) - pool.rounding;
    double divisions = binomial(n, first.length);
    boolean exact = divisions <= permutations;
    long looked = exact ? Math.round(divisions) : permutations;
    double p =
        exact
            ? (double) hits(pool, 0, first.length, 0, limit) / looked
            : (1.0 + randomHits(pool, limit)) / (1.0 + looked);
    return new TestResult(difference, p, exact, looked, n, n);
  }

  /**
   * The pooled observations, counted from the first of them: a common offset goes without rounding,
   * and sums of whole numbers stay whole.
   *
   * @param values observations less the first one
   * @param size how many belong to the first sample
   * @param total their sum
   * @param rounding how far distances of equal divisions may be apart
   */
  private record Pool(double[] values, int size, double total, double rounding) {

    static Pool of(double[] first, double[] second) {
      double[] values = new double[first.length + second.length];
      System.arraycopy(first, 0, values, 0, first.length);
      System.arraycopy(second, 0, values, first.length, second.length);
      double unit = 0;
      for (double value : values) {
        unit = Math.max(unit, Moments.rounding(value));
      }
      double origin = values[0];
      double total = 0;
      double spread = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] -= origin;
        total += values[i];
        spread += Math.abs(values[i]);
      }
      // In a distance, first observations weigh n₂ and the others n₁: 3·√(n₁n₂n) units are six
      // standard deviations of the difference of two distances.
      double n = values.length;
      double ofObservations = 3 * Math.sqrt(first.length * (n - first.length) * n) * unit;
      double rounding = Math.max(ofObservations, 1e-12 * n * spread);
      return new Pool(values, first.length, total, rounding);
    }

    /** {@code |n·S − n₁·T|}, to which the distance of the means of a division is proportional. */
    double distance(double sum) {
      return Math.abs(values.length * sum - size * total);
    }
  }

  private static long hits(Pool pool, int at, int left, double sum, double limit) {
    if (left == 0) {
      return pool.distance(sum) >= limit ? 1 : 0;
    }
    long taken = hits(pool, at + 1, left - 1, sum + pool.values[at], limit);
    return pool.values.length - at > left ? taken + hits(pool, at + 1, left, sum, limit) : taken;
  }

  private long randomHits(Pool pool, double limit) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] order = pool.values.clone();
    long hits = 0;
    for (int p = 0; p < permutations; p++) {
      double sum = 0;
      for (int i = 0; i < pool.size; i++) {
        int j = i + random.nextInt(order.length - i);
        double drawn = order[j];
        order[j] = order[i];
        order[i] = drawn;
        sum += drawn;
      }
      hits += pool.distance(sum) >= limit ? 1 : 0;
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
