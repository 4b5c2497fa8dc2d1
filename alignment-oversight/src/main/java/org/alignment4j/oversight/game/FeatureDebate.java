package org.alignment4j.oversight.game;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.oversight.Proceedings;
import org.apiguardian.api.API;

/**
 * Plays a game of showing features: a debate without text. Immutable; as safe for concurrent runs
 * as the judge. The budget's calls are moves.
 *
 * @param judge who decides
 * @param honest plays for the truth
 * @param liar plays for the lie
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FeatureDebate(FeatureJudge judge, FeaturePlayer honest, FeaturePlayer liar)
    implements OversightProtocol<FeatureGame, PlayedGame> {
  private static final Usage MOVE = new Usage(1, 0, 0, 0, 0, 0, Duration.ZERO);

  /** Checks that nothing is missing. */
  public FeatureDebate {
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(honest, "honest");
    Objects.requireNonNull(liar, "liar");
  }

  @Override
  public Outcome<PlayedGame> run(FeatureGame game, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("feature debate", game.id(), context, OptionalLong.of(game.moves()));
    RandomGenerator random = new SplittableRandom(context.seed());
    Shown shown = Shown.nothing();
    try {
      while (!game.over(shown)) {
        proceedings.next();
        boolean byHonest = game.honestToMove(shown);
        int feature = (byHonest ? honest : liar).choose(game, shown, judge, random);
        shown = game.show(shown, feature);
        proceedings.hear(turn(game, byHonest, feature, shown.count()));
        proceedings.spend(MOVE);
      }
      return proceedings.outcome(played(game, shown));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(played(game, shown), limit);
    }
  }

  private PlayedGame played(FeatureGame game, Shown shown) {
    return new PlayedGame(shown, game.margin(judge.scores(List.of(shown))[0]));
  }

  private static Turn turn(FeatureGame game, boolean byHonest, int feature, int number) {
    return new Turn(
        byHonest ? "Honest player" : "Liar",
        number - 1,
        String.format(Locale.ROOT, "feature %s is %.3f", feature, game.values().get(feature)),
        "",
        true,
        1,
        MOVE);
  }
}
