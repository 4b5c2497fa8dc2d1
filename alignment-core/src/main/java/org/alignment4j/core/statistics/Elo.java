package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apiguardian.api.API;

/**
 * Online ratings (Elo 1978): after each comparison the first player gains {@code k · (score − p)}
 * and the second loses as much, with p the {@linkplain RatingScale#winProbability win probability}
 * before it. The result depends on the order of the comparisons and forgets early ones; models do
 * not change while they are compared, so prefer {@link BradleyTerry} and show a sequential rating
 * only for players that do change. Immutable and thread-safe.
 *
 * @param k most points that one comparison moves, such as 4
 * @param scale what the points mean
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record Elo(double k, RatingScale scale) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if k is not a finite number above 0
   */
  public Elo {
    if (!(k > 0 && k < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("k must be a finite number above 0 but was " + k);
    }
  }

  /** K of 4 on the standard scale, usual for rankings of models. */
  public static Elo standard() {
    return new Elo(4, RatingScale.STANDARD);
  }

  /**
   * Returns the ratings after the comparisons in their given order.
   *
   * @return by player, best first
   */
  public Map<String, Double> sequential(List<Comparison> comparisons) {
    Tournament tournament = Tournament.of(comparisons);
    return tournament.ranked(rate(tournament, identity(comparisons.size())));
  }

  /**
   * Returns the mean ratings over random orders of the comparisons, which no longer depend on the
   * given order but for the randomness of the draw.
   *
   * @param orders how many random orders, at least 1
   * @param seed seed of the orders
   * @return by player, best first
   * @throws IllegalArgumentException if orders are not positive
   */
  public Map<String, Double> averaged(List<Comparison> comparisons, int orders, long seed) {
    Checks.requirePositive("orders", orders);
    Tournament tournament = Tournament.of(comparisons);
    return tournament.ranked(average(tournament, orders, seed));
  }

  /**
   * Returns the {@linkplain #averaged mean ratings} over as many random orders as there are
   * resamples, with intervals from comparisons drawn with replacement, in the order drawn: they
   * cover both the order and the choice of comparisons.
   *
   * @param bootstrap how the intervals are drawn
   * @return by player, best first; resamples without a comparison of the player are its undefined
   *     ones
   */
  public Map<String, Bootstrap.Result> averaged(List<Comparison> comparisons, Bootstrap bootstrap) {
    Tournament tournament = Tournament.of(comparisons);
    double[] means = average(tournament, bootstrap.resamples(), bootstrap.seed());
    int[] alone = identity(comparisons.size());
    return tournament.rankedResults(
        bootstrap.each(
            means, alone, items -> tournament.onlyPlayed(rate(tournament, items), items)));
  }

  private double[] average(Tournament tournament, int orders, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = identity(tournament.size());
    double[][] drawn = new double[tournament.players().size()][orders];
    for (int o = 0; o < orders; o++) {
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int other = order[j];
        order[j] = order[i];
        order[i] = other;
      }
      double[] ratings = rate(tournament, order);
      for (int p = 0; p < ratings.length; p++) {
        drawn[p][o] = ratings[p];
      }
    }
    return Arrays.stream(drawn).mapToDouble(Moments::mean).toArray();
  }

  private double[] rate(Tournament tournament, int[] order) {
    double[] ratings = new double[tournament.players().size()];
    Arrays.fill(ratings, scale.initial());
    for (int i : order) {
      int a = tournament.first(i);
      int b = tournament.second(i);
      double gain = k * (tournament.score(i) - scale.winProbability(ratings[a], ratings[b]));
      ratings[a] += gain;
      ratings[b] -= gain;
    }
    return ratings;
  }

  private static int[] identity(int n) {
    int[] indices = new int[n];
    Arrays.setAll(indices, i -> i);
    return indices;
  }
}
