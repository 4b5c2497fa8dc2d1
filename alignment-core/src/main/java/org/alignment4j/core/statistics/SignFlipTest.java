package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apiguardian.api.API;

/**
 * Permutation test of paired scores: without a difference between two models, the sign of each
 * item's difference is a coin toss (Fisher 1935, The Design of Experiments, section 21). The test
 * statistic is the mean difference, two-sided.
 *
 * <p>All 2ᶜ sign patterns of the C items (or clusters) that differ at all are counted when there
 * are no more of them than {@code permutations}; otherwise so many random patterns are drawn and
 * {@code p = (1 + hits) / (1 + permutations)} (Phipson and Smyth 2010, equation 2), which keeps the
 * test's level and is never 0. Patterns whose mean equals the observed one but for the rounding of
 * the scores count as ties. The same seed gives the same result on every machine. Immutable and
 * thread-safe.
 *
 * @param permutations most sign patterns to look at, at least 1; the smallest p-value that random
 *     patterns can give is {@code 1 / (1 + permutations)}
 * @param seed seed of the random patterns
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record SignFlipTest(int permutations, long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if permutations are not positive
   */
  public SignFlipTest {
    Checks.requirePositive("permutations", permutations);
  }

  /** At most 2¹⁶ = 65536 sign patterns: exact up to 16 items that differ. */
  public static SignFlipTest seeded(long seed) {
    return new SignFlipTest(1 << 16, seed);
  }

  /**
   * Tests the mean of {@code first − second} over the same independent items.
   *
   * @param first scores of one model by item
   * @param second scores of the other model on the same items
   * @throws IllegalArgumentException if the lengths differ, there is no item or a score is not
   *     finite or above 1e150 in magnitude
   */
  public TestResult of(double[] first, double[] second) {
    double[] differences = Estimates.differences(first, second);
    return test(differences, differences, rounding(first, second));
  }

  /**
   * Tests the mean of {@code first − second} over items that depend on each other within clusters:
   * all items of a cluster change sign together, and the clusters are weighted by their items as in
   * {@link Estimates#clusteredPairedDifference}.
   *
   * @param first scores of one model by item
   * @param second scores of the other model on the same items
   * @param clusters the cluster of each item, any numbers
   * @throws IllegalArgumentException if the lengths differ, there is no item or a score is not
   *     finite or above 1e150 in magnitude
   */
  public TestResult of(double[] first, double[] second, int[] clusters) {
    double[] differences = Estimates.differences(first, second);
    Checks.requireSameLength("first", first.length, "clusters", clusters.length);
    return test(
        differences, Moments.clusterSums(differences, 0, clusters), rounding(first, second));
  }

  /**
   * How far the rounding of the scores moves sums of their differences apart: six standard
   * deviations of twice such a sum.
   */
  private static double rounding(double[] first, double[] second) {
    double squares = 0;
    for (int i = 0; i < first.length; i++) {
      double a = Moments.rounding(first[i]);
      double b = Moments.rounding(second[i]);
      squares += a * a + b * b;
    }
    return 12 * Math.sqrt(squares / 12);
  }

  private TestResult test(double[] differences, double[] units, double ofScores) {
    Checks.requireSome("differences", differences.length);
    // A unit without a difference doubles the patterns and their hits alike.
    double[] moved = Arrays.stream(units).filter(d -> d != 0).toArray();
    double observed = Math.abs(Arrays.stream(moved).sum());
    double ofSums = 1e-12 * Arrays.stream(moved).map(Math::abs).sum();
    double limit = observed - Math.max(ofSums, ofScores);
    boolean exact = moved.length < 31 && 1L << moved.length <= permutations;
    long patterns = exact ? 1L << moved.length : permutations;
    double p =
        exact
            ? (double) hits(moved, 0, 0, limit) / patterns
            : (1.0 + randomHits(moved, limit)) / (1.0 + patterns);
    return new TestResult(
        Moments.mean(differences), p, exact, patterns, differences.length, units.length);
  }

  private static long hits(double[] units, int at, double sum, double limit) {
    if (at == units.length) {
      return Math.abs(sum) >= limit ? 1 : 0;
    }
    return hits(units, at + 1, sum + units[at], limit)
        + hits(units, at + 1, sum - units[at], limit);
  }

  private long randomHits(double[] units, double limit) {
    SplittableRandom random = new SplittableRandom(seed);
    long hits = 0;
    for (int p = 0; p < permutations; p++) {
      double sum = 0;
      long signs = 0;
      for (int i = 0; i < units.length; i++) {
        signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
        sum += (signs & 1) == 0 ? units[i] : -units[i];
      }
      hits += Math.abs(sum) >= limit ? 1 : 0;
    }
    return hits;
  }
}
