package org.alignment4j.oversight.game;

import java.util.random.RandomGenerator;
import org.apiguardian.api.API;

/** Chooses which feature to show next, for either side. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface FeaturePlayer permits RandomPlayer, GreedyPlayer, ExactPlayer, TreeSearch {

  /**
   * Chooses.
   *
   * @param game the game
   * @param shown what is shown; the game is not over
   * @param judge who will decide
   * @param random for moves that are drawn
   * @return a feature that may be shown
   */
  int choose(FeatureGame game, Shown shown, FeatureJudge judge, RandomGenerator random);
}
