package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/**
 * Monte Carlo tree search with PUCT (Silver et al. 2017; used by Irving et al. 2018): uniform
 * priors, rollouts completed at random, the value of a line the hyperbolic tangent of the judge's
 * margin at its end, from the view of whoever is to move. Several lines are judged in one call;
 * lines under way count as lost so that they differ. The move with most visits is played.
 *
 * @param rollouts how many lines are tried for a move
 * @param exploration the constant of PUCT
 * @param batch how many lines are judged in one call
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TreeSearch(int rollouts, double exploration, int batch) implements FeaturePlayer {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1 or the constant is not positive
   */
  public TreeSearch {
    if (rollouts < 1 || batch < 1 || !(exploration > 0)) {
      throw new IllegalArgumentException(
          "rollouts and batch must be at least 1 and exploration positive but were "
              + rollouts
              + ", "
              + batch
              + " and "
              + exploration);
    }
  }

  @Override
  public int choose(FeatureGame game, Shown shown, FeatureJudge judge, RandomGenerator random) {
    SearchNode root = new SearchNode(game, shown);
    int done = 0;
    while (done < rollouts) {
      List<List<SearchNode>> paths = new ArrayList<>();
      List<Shown> ends = new ArrayList<>();
      for (int i = 0; i < Math.min(batch, rollouts - done); i++) {
        List<SearchNode> path = root.descend(exploration);
        paths.add(path);
        ends.add(complete(game, path.get(path.size() - 1).shown(), random));
      }
      double[][] scores = judge.scores(ends);
      for (int i = 0; i < paths.size(); i++) {
        double value = Math.tanh(game.margin(scores[i]));
        paths.get(i).forEach(node -> node.settle(value));
      }
      done += paths.size();
    }
    return root.mostVisited();
  }

  private static Shown complete(FeatureGame game, Shown from, RandomGenerator random) {
    Shown shown = from;
    while (!game.over(shown)) {
      int feature;
      do {
        feature = game.candidates().get(random.nextInt(game.candidates().size()));
      } while (shown.shows(feature));
      shown = game.show(shown, feature);
    }
    return shown;
  }
}
