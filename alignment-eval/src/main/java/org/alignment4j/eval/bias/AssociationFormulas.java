package org.alignment4j.eval.bias;

import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.core.statistics.TestResult;
import org.apiguardian.api.API;

/**
 * The word embedding association test (Caliskan, Bryson and Narayanan 2017, arXiv 1608.07187) and
 * its form for sentences (May et al. 2019, arXiv 1903.10561). Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AssociationFormulas {

  private AssociationFormulas() {}

  /**
   * Returns the cosine of the angle of two vectors.
   *
   * @param first a vector
   * @param second another of the same length
   * @return from −1 to 1; NaN when a vector is zero
   * @throws IllegalArgumentException when the lengths differ
   */
  public static double cosine(float[] first, float[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "vectors must have one length but had " + first.length + " and " + second.length);
    }
    double dot = 0;
    double one = 0;
    double other = 0;
    for (int i = 0; i < first.length; i++) {
      dot += (double) first[i] * second[i];
      one += (double) first[i] * first[i];
      other += (double) second[i] * second[i];
    }
    double norm = Math.sqrt(one) * Math.sqrt(other);
    return norm == 0 ? Double.NaN : Math.max(-1, Math.min(1, dot / norm));
  }

  /**
   * Returns the association of a target with two sets of attributes, {@code s(w, A, B) = mean_a
   * cos(w, a) − mean_b cos(w, b)}.
   *
   * @param target its vector
   * @param first vectors of the first attribute, at least one
   * @param second vectors of the second attribute, at least one
   * @return from −2 to 2; NaN when a vector is zero
   */
  public static double association(float[] target, List<float[]> first, List<float[]> second) {
    return meanCosine(target, first) - meanCosine(target, second);
  }

  private static double meanCosine(float[] target, List<float[]> attributes) {
    return attributes.stream().mapToDouble(a -> cosine(target, a)).average().orElse(Double.NaN);
  }

  /**
   * Returns the effect size {@code d = (mean_x s − mean_y s) / sd_{x ∪ y} s}, with {@code n − 1} in
   * the standard deviation, as in the script of May et al.
   *
   * @param first associations of the first targets
   * @param second associations of the second targets
   * @return from about −2 to 2; NaN when a set is empty or all associations are equal
   */
  public static double effectSize(double[] first, double[] second) {
    int n = first.length + second.length;
    double mean = (sum(first) + sum(second)) / n;
    double squares = 0;
    for (double[] set : List.of(first, second)) {
      for (double s : set) {
        squares += (s - mean) * (s - mean);
      }
    }
    double deviation = Math.sqrt(squares / (n - 1));
    double difference = sum(first) / first.length - sum(second) / second.length;
    return deviation > 0 ? difference / deviation : Double.NaN;
  }

  /**
   * Returns the one-sided permutation test of the difference of mean associations: how often a
   * division of the targets into sets of the same sizes has one at least as large. All divisions
   * are counted where there are no more than {@code most}; otherwise so many are drawn and {@code p
   * = (1 + hits) / (1 + most)} (Phipson and Smyth 2010, equation 2).
   *
   * @param first associations of the first targets, at least one
   * @param second associations of the second targets, at least one
   * @param most most divisions to look at
   * @param seed seed of the draws
   * @return the difference, its p-value, and whether it is exact
   * @throws IllegalArgumentException when a set is empty or {@code most} is not positive
   */
  public static TestResult permutationTest(double[] first, double[] second, int most, long seed) {
    if (first.length == 0 || second.length == 0 || most < 1) {
      throw new IllegalArgumentException(
          "sets must not be empty and divisions must be positive but were "
              + first.length
              + ", "
              + second.length
              + " and "
              + most);
    }
    double[] pool = new double[first.length + second.length];
    System.arraycopy(first, 0, pool, 0, first.length);
    System.arraycopy(second, 0, pool, first.length, second.length);
    double spread = 0;
    for (double s : pool) {
      spread += Math.abs(s);
    }
    // Of sets of given sizes, the first sum alone orders the differences of means.
    double limit = sum(first) - 1e-12 * spread;
    double divisions = divisions(pool.length, first.length);
    boolean exact = divisions <= most;
    long looked = exact ? Math.round(divisions) : most;
    double p =
        exact
            ? (double) hits(pool, 0, first.length, 0, limit) / looked
            : (1.0 + drawnHits(pool, first.length, limit, most, seed)) / (1.0 + looked);
    double difference = sum(first) / first.length - sum(second) / second.length;
    return new TestResult(difference, p, exact, looked, pool.length, pool.length);
  }

  private static long hits(double[] pool, int at, int left, double sum, double limit) {
    if (left == 0) {
      return sum >= limit ? 1 : 0;
    }
    long taken = hits(pool, at + 1, left - 1, sum + pool[at], limit);
    return pool.length - at > left ? taken + hits(pool, at + 1, left, sum, limit) : taken;
  }

  private static long drawnHits(double[] pool, int size, double limit, int draws, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] order = pool.clone();
    long hits = 0;
    for (int draw = 0; draw < draws; draw++) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        int j = i + random.nextInt(order.length - i);
        double drawn = order[j];
        order[j] = order[i];
        order[i] = drawn;
        sum += drawn;
      }
      hits += sum >= limit ? 1 : 0;
    }
    return hits;
  }

  private static double divisions(int n, int k) {
    double product = 1;
    int smaller = Math.min(k, n - k);
    for (int i = 1; i <= smaller; i++) {
      product = product * (n - smaller + i) / i;
    }
    return product;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
