package org.alignment4j.oversight.game;

import java.util.List;
import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/** Plays perfectly by minimax over every line; for games of few features. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExactPlayer() implements FeaturePlayer {
  private static final int MOST_CANDIDATES = 12;

  /**
   * Chooses the move of the best margin.
   *
   * @throws IllegalArgumentException if the game has more than 12 candidates
   */
  @Override
  public int choose(FeatureGame game, Shown shown, FeatureJudge judge, RandomGenerator random) {
    List<Integer> legal = game.legal(shown);
    double sign = game.honestToMove(shown) ? 1 : -1;
    int best = legal.get(0);
    double bestValue = Double.NEGATIVE_INFINITY;
    for (int feature : legal) {
      double value = sign * value(game, game.show(shown, feature), judge);
      if (value > bestValue) {
        best = feature;
        bestValue = value;
      }
    }
    return best;
  }

  /**
   * Returns the margin to which perfect play leads.
   *
   * @throws IllegalArgumentException if the game has more than 12 candidates
   */
  public static double value(FeatureGame game, Shown shown, FeatureJudge judge) {
    if (game.candidates().size() > MOST_CANDIDATES) {
      throw new IllegalArgumentException(
          "perfect play is for at most "
              + MOST_CANDIDATES
              + " candidates but '"
              + game.id()
              + "' has "
              + game.candidates().size());
    }
    if (game.over(shown)) {
      return game.margin(judge.scores(List.of(shown))[0]);
    }
    double sign = game.honestToMove(shown) ? 1 : -1;
    double best = Double.NEGATIVE_INFINITY;
    for (int feature : game.legal(shown)) {
      best = Math.max(best, sign * value(game, game.show(shown, feature), judge));
    }
    return sign * best;
  }
}
