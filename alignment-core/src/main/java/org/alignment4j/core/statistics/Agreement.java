package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How far raters agree on categories, beyond chance: 1 is perfect agreement, 0 what chance gives,
 * and below 0 less than that. A coefficient is low when one category is rare even if raters agree
 * on nearly all items, so it is reported beside the raw agreement. Thread-safe.
 *
 * @param coefficient with a bootstrap interval over items; resamples in which it is undefined,
 *     because only one category occurs, are counted. Where raters agree on all items, so that every
 *     resample gives 1, the interval reaches down to the coefficient at the lower end of the raw
 *     agreement's interval
 * @param raw mean over the items of the share of pairs of raters who agree, with Wilson's interval
 *     for two ratings of each item or when the items do not differ in it, Student's inside [0, 1]
 *     otherwise
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record Agreement(Bootstrap.Result coefficient, Estimate raw) {

  /**
   * Returns Cohen's κ of two raters (Cohen 1960): {@code (p_o − p_e)/(1 − p_e)} with {@code p_e =
   * Σ_k p_1k · p_2k}, each rater with own frequencies of the categories.
   *
   * @param first category of each item by one rater, any numbers
   * @param second category of the same items by the other
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException if the lengths differ, there is no item, or both raters gave
   *     one and the same category only, where κ is undefined
   */
  public static Agreement cohenKappa(int[] first, int[] second, Bootstrap bootstrap) {
    Checks.requireSameLength("first", first.length, "second", second.length);
    Checks.requireSome("first", first.length);
    int[][] rows = new int[first.length][];
    Arrays.setAll(rows, i -> new int[] {first[i], second[i]});
    requireCategories("Cohen's kappa", rows);
    Bootstrap.Result kappa =
        bootstrap.of(
            rows.length, items -> cohen(Selection.of(first, items), Selection.of(second, items)));
    return of(kappa, raw(rows, 0, bootstrap.confidence()), chance(first, second));
  }

  /**
   * Returns Fleiss' κ of equally many raters for each item, not necessarily the same (Fleiss 1971):
   * {@code (P̄ − P̄_e)/(1 − P̄_e)} with {@code P̄_e = Σ_k p_k²} over all ratings.
   *
   * @param ratings {@code [items][raters]}, categories as any numbers, in any order within an item
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException if there is no item, items have different numbers of ratings
   *     or fewer than two, or only one category occurs, where κ is undefined
   */
  public static Agreement fleissKappa(int[][] ratings, Bootstrap bootstrap) {
    Checks.requireSome("ratings", ratings.length);
    for (int i = 0; i < ratings.length; i++) {
      if (ratings[i].length < 2 || ratings[i].length != ratings[0].length) {
        throw new IllegalArgumentException(
            "ratings["
                + i
                + "] must have as many ratings as ratings[0], at least 2, but they have "
                + ratings[i].length
                + " and "
                + ratings[0].length
                + "; with missing ratings use Krippendorff's alpha");
      }
    }
    requireCategories("Fleiss' kappa", ratings);
    Bootstrap.Result kappa =
        bootstrap.of(ratings.length, items -> fleiss(Selection.of(ratings, items)));
    return of(kappa, raw(ratings, 0, bootstrap.confidence()), chance(ratings));
  }

  /**
   * Returns Krippendorff's α for nominal categories and any number of ratings for each item
   * (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C): {@code 1 − D_o/D_e}
   * from the coincidences of pairs of ratings, a pair of an item with m ratings weighing {@code
   * 1/(m−1)}. Items with fewer than two ratings cannot be paired; they are left out and counted as
   * unscored in the raw agreement.
   *
   * @param ratings the ratings that each item did get, categories as any numbers, in any order
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException if no item has two ratings, or only one category occurs among
   *     those that have, where α is undefined
   */
  public static Agreement krippendorffAlpha(int[][] ratings, Bootstrap bootstrap) {
    int[][] paired = Arrays.stream(ratings).filter(row -> row.length >= 2).toArray(int[][]::new);
    if (paired.length == 0) {
      throw new IllegalArgumentException(
          "ratings must hold an item with two ratings but none of "
              + ratings.length
              + " has: Krippendorff's alpha is undefined");
    }
    requireCategories("Krippendorff's alpha", paired);
    Bootstrap.Result alpha =
        bootstrap.of(paired.length, items -> krippendorff(Selection.of(paired, items)));
    Estimate raw = raw(paired, ratings.length - paired.length, bootstrap.confidence());
    return of(alpha, raw, 1 - disagreement(paired));
  }

  /**
   * Gives perfect agreement, of which no resample is less than perfect, the interval that the raw
   * agreement has on the scale of the coefficient, {@code (a − chance)/(1 − chance)}, not below −1.
   */
  private static Agreement of(Bootstrap.Result coefficient, Estimate raw, double chance) {
    Estimate e = coefficient.estimate();
    if (raw.value() != 1 || Double.isNaN(raw.ciLow())) {
      return new Agreement(coefficient, raw);
    }
    double low = (raw.ciLow() - chance) / (1 - chance);
    Estimate widened =
        new Estimate(
            e.value(),
            e.standardError(),
            Math.min(e.value(), Math.max(-1, low)),
            e.value(),
            e.confidence(),
            e.n(),
            e.clusters(),
            0,
            0);
    return new Agreement(new Bootstrap.Result(widened, coefficient.undefinedResamples()), raw);
  }

  private static void requireCategories(String name, int[][] rows) {
    int first = rows[0][0];
    if (Arrays.stream(rows).flatMapToInt(Arrays::stream).allMatch(k -> k == first)) {
      throw new IllegalArgumentException(
          "ratings must hold two categories but all are "
              + first
              + ": agreement by chance is certain and "
              + name
              + " undefined; report the raw agreement alone");
    }
  }

  private static double cohen(int[] first, int[] second) {
    double n = first.length;
    double observed =
        IntStream.range(0, first.length).filter(i -> first[i] == second[i]).count() / n;
    return beyondChance(observed, chance(first, second));
  }

  private static double chance(int[] first, int[] second) {
    double n = first.length;
    Map<Integer, Long> b = counts(second);
    double chance = 0;
    for (Map.Entry<Integer, Long> category : counts(first).entrySet()) {
      chance += category.getValue() / n * (b.getOrDefault(category.getKey(), 0L) / n);
    }
    return chance;
  }

  private static double fleiss(int[][] rows) {
    double observed = Arrays.stream(rows).mapToDouble(Agreement::share).sum() / rows.length;
    return beyondChance(observed, chance(rows));
  }

  private static double chance(int[][] rows) {
    int[] all = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
    double chance = 0;
    for (long count : counts(all).values()) {
      chance += (double) count / all.length * ((double) count / all.length);
    }
    return chance;
  }

  /** A chance of 1 leaves no room: only one category was drawn. */
  private static double beyondChance(double observed, double chance) {
    return chance == 1 ? Double.NaN : (observed - chance) / (1 - chance);
  }

  private static double krippendorff(int[][] rows) {
    double n = Arrays.stream(rows).mapToInt(row -> row.length).sum();
    double observed =
        Arrays.stream(rows).mapToDouble(row -> row.length * (1 - share(row))).sum() / n;
    double expected = disagreement(rows);
    return expected == 0 ? Double.NaN : 1 - observed / expected;
  }

  /** How often two ratings drawn from all differ. */
  private static double disagreement(int[][] rows) {
    int[] all = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
    double n = all.length;
    double pairs = n * n;
    for (long count : counts(all).values()) {
      pairs -= (double) count * count;
    }
    return pairs / (n * (n - 1));
  }

  private static Estimate raw(int[][] rows, int unscored, double confidence) {
    double[] shares = Arrays.stream(rows).mapToDouble(Agreement::share).toArray();
    boolean two = Arrays.stream(rows).allMatch(row -> row.length == 2);
    Estimate raw =
        two
            ? Estimates.proportion(Math.round(Arrays.stream(shares).sum()), rows.length, confidence)
            : Estimates.bounded(shares, 1, confidence);
    return Estimates.withMissing(raw, unscored, 0);
  }

  /** Share of the pairs of ratings of an item that agree. */
  private static double share(int[] row) {
    double pairs = 0;
    for (long count : counts(row).values()) {
      pairs += (double) count * (count - 1);
    }
    return pairs / ((double) row.length * (row.length - 1));
  }

  private static Map<Integer, Long> counts(int[] categories) {
    Map<Integer, Long> counts = new TreeMap<>();
    for (int category : categories) {
      counts.merge(category, 1L, Long::sum);
    }
    return counts;
  }
}
