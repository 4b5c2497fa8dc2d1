package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * What debate is worth to a judge when the liar must commit to its lie before the game (Irving et
 * al. 2018, section 3.1): one game for each wrong class, and the judge is right about an input when
 * the honest player wins all of them. Without debate the judge is right when the truth scores
 * highest on random features.
 *
 * @param classes how many classes there are
 * @param moves how many features are shown
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PrecommittedLies(int classes, int moves) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there are fewer than two classes or no moves
   */
  public PrecommittedLies {
    if (classes < 2 || moves < 1) {
      throw new IllegalArgumentException(
          "classes must be at least 2 and moves at least 1 but were " + classes + " and " + moves);
    }
  }

  /**
   * An input.
   *
   * @param id names it
   * @param values all its features
   * @param candidates those that may be shown
   * @param truth its class
   */
  public record Input(String id, List<Double> values, List<Integer> candidates, int truth) {
    /** Checks that nothing is missing, and copies. */
    public Input {
      Objects.requireNonNull(id, "id");
      values = List.copyOf(values);
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * What was found.
   *
   * @param accuracy the share of inputs whose honest player beat every lie; inputs with a game that
   *     the budget cut are unscored
   * @param games the share of games the honest player won, with inputs as clusters; games that the
   *     budget cut are unscored
   * @param skipped inputs with fewer features to show than moves
   * @param right whether the judge was right, by input that was scored, in order
   */
  public record Findings(Estimate accuracy, Estimate games, int skipped, List<Double> right) {
    /** Copies. */
    public Findings {
      right = List.copyOf(right);
    }
  }

  /** Plays every lie against every input; who begins is drawn for each game. */
  public Findings debate(FeatureDebate debate, List<Input> inputs, OversightContext context) {
    List<Double> right = new ArrayList<>();
    List<Double> games = new ArrayList<>();
    List<Integer> clusters = new ArrayList<>();
    int skipped = 0;
    int cutGames = 0;
    int cutInputs = 0;
    for (int number = 0; number < inputs.size(); number++) {
      Input input = inputs.get(number);
      if (input.candidates().size() < moves) {
        skipped++;
        continue;
      }
      double worst = 1;
      boolean whole = true;
      for (int lie = 0; lie < classes; lie++) {
        if (lie != input.truth()) {
          Outcome<PlayedGame> played = play(debate, input, lie, context);
          if (played.complete()) {
            games.add(played.verdict().honestScore());
            clusters.add(number);
            worst = Math.min(worst, played.verdict().honestScore());
          } else {
            cutGames++;
            whole = false;
          }
        }
      }
      // An input is not scored by the games that happened to end: a lie may be among the others.
      if (whole) {
        right.add(worst);
      } else {
        cutInputs++;
      }
    }
    return new Findings(
        Estimates.withMissing(Estimates.mean(array(right)), cutInputs, 0),
        Estimates.withMissing(
            Estimates.clusteredProportion(
                array(games), clusters.stream().mapToInt(Integer::intValue).toArray()),
            cutGames,
            0),
        skipped,
        right);
  }

  private Outcome<PlayedGame> play(
      FeatureDebate debate, Input input, int lie, OversightContext context) {
    long seed = CallSeed.of(context.seed(), input.id(), lie, 0);
    FeatureGame game =
        new FeatureGame(
            input.id(),
            input.values(),
            input.candidates(),
            input.truth(),
            lie,
            moves,
            Math.floorMod(CallSeed.part(seed, "who begins"), 2L) == 0);
    return debate.run(game, context.withSeed(seed));
  }

  /** Has the judge decide on random features. */
  public Findings random(FeatureJudge judge, List<Input> inputs, OversightContext context) {
    FeatureDebate chance = new FeatureDebate(judge, new RandomPlayer(), new RandomPlayer());
    List<Double> right = new ArrayList<>();
    int skipped = 0;
    int cut = 0;
    for (Input input : inputs) {
      if (input.candidates().size() < moves) {
        skipped++;
        continue;
      }
      FeatureGame game =
          new FeatureGame(
              input.id(),
              input.values(),
              input.candidates(),
              input.truth(),
              (input.truth() + 1) % classes,
              moves,
              true);
      Outcome<PlayedGame> played =
          chance.run(game, context.withSeed(CallSeed.part(context.seed(), input.id())));
      if (played.complete()) {
        Shown shown = played.verdict().shown();
        right.add(best(judge.scores(List.of(shown))[0], input.truth()));
      } else {
        cut++;
      }
    }
    Estimate accuracy = Estimates.withMissing(Estimates.mean(array(right)), cut, 0);
    return new Findings(accuracy, accuracy, skipped, right);
  }

  /** 1 where the truth scores highest; a tie is shared. */
  private static double best(double[] scores, int truth) {
    int equal = 0;
    for (double score : scores) {
      if (score > scores[truth]) {
        return 0;
      }
      equal += score == scores[truth] ? 1 : 0;
    }
    return 1.0 / equal;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
