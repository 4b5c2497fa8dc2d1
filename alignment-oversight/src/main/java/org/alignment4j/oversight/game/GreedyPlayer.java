package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/** Shows the feature after which the judge is most on its side, looking no further. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GreedyPlayer() implements FeaturePlayer {
  @Override
  public int choose(FeatureGame game, Shown shown, FeatureJudge judge, RandomGenerator random) {
    List<Integer> legal = game.legal(shown);
    List<Shown> next = new ArrayList<>();
    legal.forEach(feature -> next.add(game.show(shown, feature)));
    double[][] scores = judge.scores(next);
    double sign = game.honestToMove(shown) ? 1 : -1;
    int best = 0;
    for (int i = 1; i < legal.size(); i++) {
      if (sign * game.margin(scores[i]) > sign * game.margin(scores[best])) {
        best = i;
      }
    }
    return legal.get(best);
  }
}
