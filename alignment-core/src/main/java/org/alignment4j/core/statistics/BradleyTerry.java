package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Ratings that make the comparisons most likely (Bradley and Terry 1952): {@code P(a beats b) = 1 /
 * (1 + base^((r_b − r_a)/points))}, a tie as half a win for each, fitted by maximum likelihood.
 * Unlike {@link Elo} it does not depend on the order of the comparisons. Ratings are relative; the
 * average player, or the {@linkplain #anchoredAt anchor}, is put at the scale's initial rating.
 *
 * <p>The ratings are the maximum itself: observed and expected wins of each player agree but for
 * rounding. Programs that climb the same likelihood by L-BFGS with the usual tolerances, as
 * FastChat's {@code compute_bt} does, end up to some hundredths of a point before it.
 *
 * <p>Finite ratings exist only when no group of players won every comparison with the others (Ford
 * 1957); otherwise, and when groups were never compared, the fit is refused with the names of the
 * players, unless {@linkplain #withVirtualGames virtual games} hold all together. Immutable and
 * thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class BradleyTerry {

  private final RatingScale scale;
  private final double virtualGames;
  private final @Nullable String anchor;

  private BradleyTerry(RatingScale scale, double virtualGames, @Nullable String anchor) {
    this.scale = Objects.requireNonNull(scale, "scale");
    this.virtualGames = virtualGames;
    this.anchor = anchor;
  }

  /** Beyond these, rounding hides the virtual games beside the real ones, or the reverse. */
  private static final double LEAST_VIRTUAL_GAMES = 1e-9;

  private static final double MOST_VIRTUAL_GAMES = 1e9;

  /** Maximum likelihood without virtual games, with the mean rating at the initial one. */
  public static BradleyTerry on(RatingScale scale) {
    return new BradleyTerry(scale, 0, null);
  }

  /** On the standard scale: 400 points are odds of 10 : 1, around 1000. */
  public static BradleyTerry standard() {
    return on(RatingScale.STANDARD);
  }

  /**
   * Pulls all ratings toward their mean by virtual ties of each player with a player of mean
   * rating, so that ratings are finite whatever the comparisons; to be reported with the ratings.
   * Between groups that were never compared, these ties alone decide.
   *
   * @param games how many for each player, from 1e-9 to 1e9; 1 is half a win and half a loss
   * @throws IllegalArgumentException if games are outside that range, where rounding would decide
   */
  public BradleyTerry withVirtualGames(double games) {
    if (!(games >= LEAST_VIRTUAL_GAMES && games <= MOST_VIRTUAL_GAMES)) {
      throw new IllegalArgumentException(
          "virtual games must be in ["
              + LEAST_VIRTUAL_GAMES
              + ", "
              + MOST_VIRTUAL_GAMES
              + "] but were "
              + games);
    }
    return new BradleyTerry(scale, games, anchor);
  }

  /** Puts this player, instead of the average one, at the scale's initial rating. */
  public BradleyTerry anchoredAt(String player) {
    return new BradleyTerry(scale, virtualGames, Objects.requireNonNull(player, "player"));
  }

  /**
   * Returns the ratings.
   *
   * @param comparisons in any order
   * @return by player, best first; empty for no comparison
   * @throws IllegalArgumentException if no finite ratings exist or the anchor was never compared
   */
  public Map<String, Double> fit(List<Comparison> comparisons) {
    Tournament tournament = Tournament.of(comparisons);
    return tournament.ranked(ratings(tournament));
  }

  /**
   * Returns the ratings with intervals from comparisons drawn with replacement.
   *
   * @param comparisons in any order
   * @param bootstrap how the intervals are drawn
   * @return by player, best first; resamples without finite ratings are the undefined ones, and
   *     many of them mean that the interval is too narrow
   * @throws IllegalArgumentException if no finite ratings exist or the anchor was never compared
   */
  public Map<String, Bootstrap.Result> fit(List<Comparison> comparisons, Bootstrap bootstrap) {
    Tournament tournament = Tournament.of(comparisons);
    double[] ratings = ratings(tournament);
    return tournament.rankedResults(
        bootstrap.each(ratings, all(tournament), items -> resampled(tournament, items)));
  }

  private double[] ratings(Tournament tournament) {
    if (tournament.size() == 0) {
      return new double[0];
    }
    List<String> players = tournament.players();
    if (anchor != null && !players.contains(anchor)) {
      throw new IllegalArgumentException(
          "anchor " + anchor + " must be one of the compared players " + players);
    }
    double[][] wins = tournament.wins(all(tournament));
    if (virtualGames == 0) {
      Domination.find(wins).ifPresent(found -> found.refuse(players));
    }
    return rate(tournament, wins);
  }

  private double[] resampled(Tournament tournament, int[] items) {
    double[][] wins = tournament.wins(items);
    if (virtualGames == 0 && Domination.find(wins).isPresent()) {
      double[] undefined = new double[wins.length];
      Arrays.fill(undefined, Double.NaN);
      return undefined;
    }
    return rate(tournament, wins);
  }

  private double[] rate(Tournament tournament, double[][] wins) {
    double[] strengths = new PairwiseLikelihood(wins, virtualGames).maximise();
    double shift =
        anchor == null ? Moments.mean(strengths) : strengths[tournament.players().indexOf(anchor)];
    return Arrays.stream(strengths).map(s -> scale.rating(s - shift)).toArray();
  }

  private static int[] all(Tournament tournament) {
    int[] items = new int[tournament.size()];
    Arrays.setAll(items, i -> i);
    return items;
  }
}
