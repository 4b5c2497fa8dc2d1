package org.alignment4j.oversight.game;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeSearchTest {
  private static FeatureGame game(int features, int moves, boolean honestFirst) {
    return new FeatureGame(
        "g",
        Collections.nCopies(features, 1.0),
        IntStream.range(0, features).boxed().toList(),
        0,
        1,
        moves,
        honestFirst);
  }

  private static int choose(TreeSearch search, FeatureGame game, FeatureJudge judge) {
    return search.choose(game, Shown.nothing(), judge, new SplittableRandom(1));
  }

  /** Counts positions and the largest call. */
  private static final class Counting implements FeatureJudge {
    private final FeatureJudge judge;
    private int positions;
    private final List<Integer> calls = new ArrayList<>();

    Counting(FeatureJudge judge) {
      this.judge = judge;
    }

    @Override
    public double[][] scores(List<Shown> shown) {
      positions += shown.size();
      calls.add(shown.size());
      return judge.scores(shown);
    }
  }

  /** A judge whose margin is the sum over the features shown and a bonus for a pair. */
  private static FeatureJudge sums(double[] worth, int first, int second, double bonus) {
    return positions ->
        positions.stream()
            .map(
                shown -> {
                  double margin = shown.shows(first) && shown.shows(second) ? bonus : 0;
                  for (int i = 0; i < shown.count(); i++) {
                    margin += worth[shown.feature(i)];
                  }
                  return new double[] {margin, 0};
                })
            .toArray(double[][]::new);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void foreseesTheReplyThatGreedDoesNot(boolean honestFirst) {
    double sign = honestFirst ? 1 : -1;
    double[] worth = {2 * sign, sign, 0, 0};
    FeatureJudge judge = sums(worth, 0, 2, -9 * sign);
    FeatureGame game = game(4, 2, honestFirst);
    assertThat(new GreedyPlayer().choose(game, Shown.nothing(), judge, new SplittableRandom(1)))
        .isZero();
    assertThat(choose(TreeSearch.of(200), game, judge)).isEqualTo(1);
  }

  @Test
  void asksNoMoreThanItMay() {
    Counting judge = new Counting(GameJudges.entangled(3, 10));
    choose(new TreeSearch(100, 1, 2, 8), game(10, 4, true), judge);
    assertThat(judge.positions).isEqualTo(100);
    assertThat(judge.calls).startsWith(10, 8).endsWith(8, 2).hasSize(13);
  }

  @ParameterizedTest
  @CsvSource({"10, 4", "3, 4", "500, 1"})
  void isGreedyWithoutEvaluationsToSpareAndOnTheLastMove(int evaluations, int moves) {
    for (int seed = 0; seed < 20; seed++) {
      FeatureGame game = game(10, moves, seed % 2 == 0);
      Counting judge = new Counting(GameJudges.entangled(seed, 10));
      assertThat(choose(TreeSearch.of(evaluations), game, judge))
          .isEqualTo(
              new GreedyPlayer().choose(game, Shown.nothing(), judge, new SplittableRandom(1)));
      assertThat(judge.calls).containsExactly(10, 10);
    }
  }

  @Test
  void sameChoiceWhateverTheRandomNumbers() {
    FeatureJudge judge = GameJudges.entangled(9, 10);
    FeatureGame game = game(10, 4, true);
    int chosen = choose(TreeSearch.of(150), game, judge);
    for (int seed = 0; seed < 5; seed++) {
      assertThat(
              TreeSearch.of(150).choose(game, Shown.nothing(), judge, new SplittableRandom(seed)))
          .isEqualTo(chosen);
    }
  }

  @Test
  void priorsFavourWhatHelpsWhoIsToMove() {
    FeatureGame game = game(4, 2, true);
    FeatureJudge judge = sums(new double[] {2, 0, -1, 4}, 0, 1, 0);
    MovePriors priors = new MovePriors(game, NextMoves.judged(game, Shown.nothing(), judge), 2);
    double[] honest = priors.of(List.of(0, 1, 2), 1);
    double sum = Math.exp(1) + Math.exp(0) + Math.exp(-0.5);
    assertThat(honest)
        .containsExactly(
            new double[] {Math.exp(1) / sum, 1 / sum, Math.exp(-0.5) / sum}, within(1e-12));
    double[] liar = priors.of(List.of(2, 3), -1);
    assertThat(liar[0] / liar[1]).isCloseTo(Math.exp(2.5), within(1e-9));
    assertThat(liar[0] + liar[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void firstLineFollowsThePrior() {
    FeatureGame game = game(5, 3, false);
    FeatureJudge judge = sums(new double[] {1, 3, -2, 0, -1}, 0, 1, 0);
    MovePriors priors = new MovePriors(game, NextMoves.judged(game, Shown.nothing(), judge), 1);
    SearchNode root = new SearchNode(game, Shown.nothing(), priors);
    List<SearchNode> first = root.descend(1);
    assertThat(first).hasSize(2);
    assertThat(first.get(1).shown().feature(0)).isEqualTo(2);
    // the line under way counts as lost, so that the next one differs
    assertThat(root.descend(1).get(1).shown().feature(0)).isEqualTo(4);
  }

  @Test
  void moveNotTriedIsWorthWhatThePositionIs() {
    FeatureGame game = game(2, 2, true);
    MovePriors even =
        new MovePriors(
            game, NextMoves.judged(game, Shown.nothing(), sums(new double[2], 0, 1, 0)), 1);
    SearchNode root = new SearchNode(game, Shown.nothing(), even);
    root.descend(0.1).forEach(node -> node.settle(-0.9));
    // it is as good as the move tried and less visited
    assertThat(root.descend(0.1).get(1).shown().feature(0)).isEqualTo(1);
    SearchNode winning = new SearchNode(game, Shown.nothing(), even);
    winning.descend(0.1).forEach(node -> node.settle(0.9));
    assertThat(winning.descend(0.1).get(1).shown().feature(0)).isEqualTo(1);
  }

  @Test
  void badParametersAreNamed() {
    assertThatThrownBy(() -> TreeSearch.of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "evaluations and batch must be at least 1, exploration and scale positive, but were"
                + " 0, 8, 1.0 and 2.0");
    assertThatThrownBy(() -> new TreeSearch(9, 0, 1, 1)).hasMessageContaining("9, 1, 0.0 and 1.0");
    assertThatThrownBy(() -> new TreeSearch(9, Double.NaN, 1, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new TreeSearch(9, 1, 0, 1)).hasMessageContaining("and 0.0");
    assertThatThrownBy(() -> new TreeSearch(9, 1, 1, 0)).hasMessageContaining("9, 0, ");
  }
}
