package org.alignment4j.oversight.game;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.junit.jupiter.api.Test;

class FeatureDebateTest {
  private static final OversightContext CONTEXT = OversightContext.of(4);

  private static FeatureGame game(int features, int moves, boolean honestFirst) {
    return new FeatureGame(
        "g",
        IntStream.range(0, features).mapToObj(i -> 1.0).toList(),
        IntStream.range(0, features).boxed().toList(),
        0,
        1,
        moves,
        honestFirst);
  }

  /** The value by trying every order of moves, written without the classes under test. */
  private static double naive(
      FeatureJudge judge, int features, int moves, boolean honest, List<Integer> path) {
    if (path.size() == moves) {
      Shown shown = Shown.nothing();
      for (int feature : path) {
        shown = shown.with(feature, 1);
      }
      double[] scores = judge.scores(List.of(shown))[0];
      return scores[0] - scores[1];
    }
    double best = honest ? -1e9 : 1e9;
    for (int i = 0; i < features; i++) {
      if (!path.contains(i)) {
        List<Integer> longer = new ArrayList<>(path);
        longer.add(i);
        double value = naive(judge, features, moves, !honest, longer);
        best = honest ? Math.max(best, value) : Math.min(best, value);
      }
    }
    return best;
  }

  @Test
  void exactPlayReachesTheValueOfTheGame() {
    for (int seed = 0; seed < 12; seed++) {
      boolean first = seed % 2 == 0;
      FeatureJudge judge = GameJudges.entangled(seed, 6);
      FeatureGame game = game(6, 4, first);
      double value = naive(judge, 6, 4, first, List.of());
      assertThat(ExactPlayer.value(game, Shown.nothing(), judge)).isEqualTo(value);
      Outcome<PlayedGame> outcome =
          new FeatureDebate(judge, new ExactPlayer(), new ExactPlayer()).run(game, CONTEXT);
      assertThat(outcome.verdict().margin()).isEqualTo(value);
    }
  }

  @Test
  void searchApproachesPerfectPlayAndBeatsGreed() {
    int searchLost = 0;
    int greedyLost = 0;
    int games = 40;
    for (int seed = 0; seed < games; seed++) {
      FeatureJudge judge = GameJudges.entangled(seed, 8);
      FeatureGame game = game(8, 4, seed % 2 == 0);
      double value = ExactPlayer.value(game, Shown.nothing(), judge);
      TreeSearch search = TreeSearch.of(20_000);
      searchLost += loses(judge, game, search, new ExactPlayer(), value) ? 1 : 0;
      searchLost += loses(judge, game, new ExactPlayer(), search, value) ? 1 : 0;
      greedyLost += loses(judge, game, new GreedyPlayer(), new ExactPlayer(), value) ? 1 : 0;
      greedyLost += loses(judge, game, new ExactPlayer(), new GreedyPlayer(), value) ? 1 : 0;
    }
    assertThat(searchLost).isLessThanOrEqualTo(games / 40);
    assertThat(greedyLost).isGreaterThan(2 * searchLost);
  }

  private static boolean loses(
      FeatureJudge judge,
      FeatureGame game,
      FeaturePlayer honest,
      FeaturePlayer liar,
      double value) {
    double margin = new FeatureDebate(judge, honest, liar).run(game, CONTEXT).verdict().margin();
    return Math.abs(margin - value) > 1e-9;
  }

  @Test
  void budgetAndTranscript() {
    FeatureDebate debate =
        new FeatureDebate(GameJudges.entangled(1, 6), new RandomPlayer(), new GreedyPlayer());
    Outcome<PlayedGame> whole = debate.run(game(6, 4, false), CONTEXT);
    assertThat(whole.transcript().turns())
        .extracting(turn -> turn.role())
        .containsExactly("Liar", "Honest player", "Liar", "Honest player");
    assertThat(whole.transcript().turns().get(0).visible())
        .startsWith("feature ")
        .endsWith("1.000");
    assertThat(debate.run(game(6, 4, false), CONTEXT)).isEqualTo(whole);
    Outcome<PlayedGame> stopped =
        debate.run(game(6, 4, false), CONTEXT.withBudget(Budget.UNLIMITED.withCalls(2)));
    assertThat(stopped.incomplete()).isEqualTo("budget: calls");
    assertThat(stopped.verdict().shown().count()).isEqualTo(2);
  }

  @Test
  void oneLieThatWinsLosesTheInput() {
    FeatureJudge judge =
        positions ->
            positions.stream().map(shown -> new double[] {1, 0, 2}).toArray(double[][]::new);
    List<PrecommittedLies.Input> inputs =
        List.of(
            new PrecommittedLies.Input("a", List.of(1.0, 1.0), List.of(0, 1), 0),
            new PrecommittedLies.Input("b", List.of(1.0, 1.0), List.of(0, 1), 2),
            new PrecommittedLies.Input("c", List.of(1.0, 1.0), List.of(0), 2));
    PrecommittedLies lies = new PrecommittedLies(3, 2);
    PrecommittedLies.Findings findings =
        lies.debate(
            new FeatureDebate(judge, new RandomPlayer(), new RandomPlayer()), inputs, CONTEXT);
    assertThat(findings.right()).containsExactly(0.0, 1.0);
    assertThat(findings.games().value()).isEqualTo(0.75);
    assertThat(findings.skipped()).isEqualTo(1);
    assertThat(lies.random(judge, inputs, CONTEXT).right()).containsExactly(0.0, 1.0);
  }

  @Test
  void cutGamesAreUnscored() {
    FeatureJudge late =
        positions ->
            positions.stream()
                .map(shown -> new double[] {shown.count() < 2 ? 1 : -1, 0})
                .toArray(double[][]::new);
    List<PrecommittedLies.Input> inputs =
        List.of(new PrecommittedLies.Input("a", List.of(1.0, 1.0), List.of(0, 1), 0));
    PrecommittedLies lies = new PrecommittedLies(2, 2);
    FeatureDebate debate = new FeatureDebate(late, new RandomPlayer(), new RandomPlayer());
    OversightContext one = CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1));
    assertThat(lies.debate(debate, inputs, CONTEXT).accuracy().value()).isZero();
    PrecommittedLies.Findings cut = lies.debate(debate, inputs, one);
    assertThat(cut.accuracy().n()).isZero();
    assertThat(cut.accuracy().unscored()).isEqualTo(1);
    assertThat(cut.games().unscored()).isEqualTo(1);
    assertThat(cut.right()).isEmpty();
    assertThat(lies.random(late, inputs, one).accuracy().unscored()).isEqualTo(1);
  }

  @Test
  void ties() {
    assertThat(new PlayedGame(Shown.nothing(), 0).honestScore()).isEqualTo(0.5);
    FeatureJudge equal =
        positions -> positions.stream().map(shown -> new double[4]).toArray(double[][]::new);
    List<PrecommittedLies.Input> one =
        List.of(new PrecommittedLies.Input("a", List.of(1.0), List.of(0), 0));
    assertThat(new PrecommittedLies(4, 1).random(equal, one, CONTEXT).right())
        .containsExactly(0.25);
  }

  @Test
  void badGamesAreNamed() {
    assertThatThrownBy(() -> game(3, 4, true))
        .hasMessageContaining("3 candidates of 'g' but were 4");
    assertThatThrownBy(() -> new FeatureGame("g", List.of(1.0), List.of(0), 1, 1, 1, true))
        .hasMessageContaining("must differ but both were 1");
    assertThatThrownBy(() -> Shown.nothing().with(1, 1).with(1, 1)).hasMessageContaining("twice");
    assertThatThrownBy(
            () ->
                ExactPlayer.value(game(13, 2, true), Shown.nothing(), GameJudges.entangled(1, 13)))
        .hasMessageContaining("has 13");
  }
}
