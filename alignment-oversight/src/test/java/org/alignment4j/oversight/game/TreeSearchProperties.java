package org.alignment4j.oversight.game;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** More evaluations bring the search closer to perfect play. */
class TreeSearchProperties {
  private static final int GAMES = 40;
  private static final int FEATURES = 8;
  private static final int MOVES = 4;

  /** How many first moves of perfect value the search finds. */
  private static int agreement(int evaluations, long seed) {
    int found = 0;
    for (int i = 0; i < GAMES; i++) {
      FeatureJudge judge = GameJudges.entangled(seed * GAMES + i, FEATURES);
      FeatureGame game =
          new FeatureGame(
              "g",
              Collections.nCopies(FEATURES, 1.0),
              IntStream.range(0, FEATURES).boxed().toList(),
              0,
              1,
              MOVES,
              i % 2 == 0);
      int chosen =
          TreeSearch.of(evaluations)
              .choose(game, Shown.nothing(), judge, new SplittableRandom(seed));
      double reached = ExactPlayer.value(game, game.show(Shown.nothing(), chosen), judge);
      double best = ExactPlayer.value(game, Shown.nothing(), judge);
      found += Math.abs(reached - best) < 1e-9 ? 1 : 0;
    }
    return found;
  }

  @Property(tries = 6, seed = "81")
  void agreementWithPerfectPlayRises(@ForAll int seed) {
    int greedy = agreement(1, seed);
    int few = agreement(500, seed);
    int many = agreement(8_000, seed);
    assertThat(few).as("500 evaluations").isGreaterThan(greedy + 2);
    assertThat(many).as("8,000 evaluations").isGreaterThan(few).isGreaterThan(GAMES - 5);
  }
}
