package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/**
 * Monte Carlo tree search with PUCT (Silver et al. 2017; used by Irving et al. 2018). The judge is
 * asked about every first move in one call, which gives the priors of the whole search: the softmax
 * of the margins over the scale, the liar's with the other sign. Then lines are followed to a
 * position that is new, whose value is {@code tanh(margin / scale)} as it stands, without random
 * completion. Several lines are judged in one call; lines under way count as lost so that they
 * differ. The move with most visits is played; where one move is left it is the best one.
 * Deterministic.
 *
 * @param evaluations how many positions the judge is asked about for a move; with no more than the
 *     moves there are, the search plays as {@link GreedyPlayer} does and asks as much
 * @param exploration the constant of PUCT
 * @param scale the margin, in the judge's units, that counts as large
 * @param batch how many lines are judged in one call
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TreeSearch(int evaluations, double exploration, double scale, int batch)
    implements FeaturePlayer {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1 or a number is not positive
   */
  public TreeSearch {
    if (evaluations < 1 || batch < 1 || !(exploration > 0) || !(scale > 0)) {
      throw new IllegalArgumentException(
          "evaluations and batch must be at least 1, exploration and scale positive, but were "
              + evaluations
              + ", "
              + batch
              + ", "
              + exploration
              + " and "
              + scale);
    }
  }

  /** Returns a search for a judge whose scores are logits. */
  public static TreeSearch of(int evaluations) {
    return new TreeSearch(evaluations, 1, 2, 8);
  }

  @Override
  public int choose(FeatureGame game, Shown shown, FeatureJudge judge, RandomGenerator random) {
    NextMoves first = NextMoves.judged(game, shown, judge);
    int asked = first.count();
    if (asked >= evaluations || shown.count() == game.moves() - 1) {
      return first.best();
    }
    SearchNode root = new SearchNode(game, shown, new MovePriors(game, first, scale));
    while (asked < evaluations) {
      List<List<SearchNode>> paths = new ArrayList<>();
      List<Shown> ends = new ArrayList<>();
      for (int i = 0; i < Math.min(batch, evaluations - asked); i++) {
        List<SearchNode> path = root.descend(exploration);
        paths.add(path);
        ends.add(path.get(path.size() - 1).shown());
      }
      double[][] scores = judge.scores(ends);
      for (int i = 0; i < paths.size(); i++) {
        double value = Math.tanh(game.margin(scores[i]) / scale);
        paths.get(i).forEach(node -> node.settle(value));
      }
      asked += paths.size();
    }
    return root.mostVisited();
  }
}
