package org.alignment4j.oversight.game;

import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/** Shows the feature after which the judge is most on its side, looking no further. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GreedyPlayer() implements FeaturePlayer {
  @Override
  public int choose(FeatureGame game, Shown shown, FeatureJudge judge, RandomGenerator random) {
    return NextMoves.judged(game, shown, judge).best();
  }
}
