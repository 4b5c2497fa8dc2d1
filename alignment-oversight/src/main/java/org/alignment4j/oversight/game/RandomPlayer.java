package org.alignment4j.oversight.game;

import java.util.List;
import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/** Shows any feature: the baseline of a judge on random features. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RandomPlayer() implements FeaturePlayer {
  @Override
  public int choose(FeatureGame game, Shown shown, FeatureJudge judge, RandomGenerator random) {
    List<Integer> legal = game.legal(shown);
    return legal.get(random.nextInt(legal.size()));
  }
}
