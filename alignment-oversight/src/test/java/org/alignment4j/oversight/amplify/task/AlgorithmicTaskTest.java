package org.alignment4j.oversight.amplify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AlgorithmicTaskTest {

  /** Exact sub-answers give the exact answer, and every subquestion is easier. */
  private static <Q> void assertDecomposes(AlgorithmicTask<Q> task) {
    assertThat(task.questions()).isNotEmpty().doesNotHaveDuplicates();
    for (Q question : task.questions()) {
      List<Q> asked = new ArrayList<>();
      OptionalInt answer =
          task.combine(
              question,
              sub -> {
                asked.add(sub);
                return OptionalInt.of(task.exact(sub));
              });
      assertThat(answer).as("%s", question).hasValue(task.exact(question));
      assertThat(asked).allMatch(sub -> task.difficulty(sub) < task.difficulty(question));
      assertThat(asked.stream().mapToInt(task::difficulty).max().orElseThrow())
          .isEqualTo(task.difficulty(question) - 1);
      assertThat(asked)
          .allMatch(
              sub ->
                  task.difficulty(sub) > 0
                      || task.simple(sub).equals(OptionalInt.of(task.exact(sub))));
      assertThat(task.simple(question)).isEmpty();
      assertThat(task.exact(question))
          .isBetween(task.range(question).low(), task.range(question).high());
    }
  }

  @Test
  void decompositionsReproduceTheTruth() {
    for (int seed = 0; seed < 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      assertDecomposes(PermutationPowering.draw(32, 64, random));
      assertDecomposes(SequentialAssignment.draw(32, 6, 8, random));
      assertDecomposes(WildcardSearch.draw(6, random));
    }
  }

  /** Exact sub-answers give a right answer, whichever random neighbours come. */
  private static <Q> void assertDecomposesByTrying(AlgorithmicTask<Q> task) {
    assertThat(task.questions()).isNotEmpty().doesNotHaveDuplicates();
    SplittableRandom random = new SplittableRandom(9);
    for (Q question : task.questions()) {
      for (int draw = 0; draw < 3; draw++) {
        OptionalInt answer = task.combine(question, sub -> OptionalInt.of(task.exact(sub)), random);
        assertThat(answer).as("%s", question).isPresent();
        assertThat(task.right(question, answer.getAsInt())).as("%s %s", question, answer).isTrue();
      }
      assertThat(task.right(question, task.exact(question))).isTrue();
      assertThat(task.simple(question)).isEmpty();
      assertThat(task.difficulty(question)).isPositive();
      assertThat(task.exact(question))
          .isBetween(task.range(question).low(), task.range(question).high());
      assertThat(task.combine(question, sub -> OptionalInt.empty())).isEmpty();
    }
  }

  @Test
  void decompositionsThatTryReproduceTheTruth() {
    for (int seed = 0; seed < 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      assertDecomposesByTrying(ShortestPath.draw(24, 48, random));
      assertDecomposesByTrying(UnionFind.draw(32, 5, 8, random));
    }
  }

  /** Distances by Floyd and Warshall's algorithm. */
  private static int[][] allDistances(ShortestPath graph) {
    int n = graph.edges().size();
    int[][] distances = new int[n][n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(distances[i], 1000);
      distances[i][i] = 0;
      for (int j : graph.edges().get(i)) {
        distances[i][j] = 1;
      }
    }
    for (int k = 0; k < n; k++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          distances[i][j] = Math.min(distances[i][j], distances[i][k] + distances[k][j]);
        }
      }
    }
    return distances;
  }

  @Test
  void distancesAreThoseOfAnotherAlgorithm() {
    ShortestPath graph = ShortestPath.draw(24, 48, new SplittableRandom(3));
    int[][] distances = allDistances(graph);
    int reached = 0;
    for (int from = 0; from < 24; from++) {
      for (int to = 0; to < 24; to++) {
        int expected = distances[from][to] < 1000 ? distances[from][to] : -1;
        assertThat(graph.exact(new ShortestPath.Distance(from, to))).isEqualTo(expected);
        reached += expected > 0 ? 1 : 0;
        if (expected > 0) {
          int step = graph.exact(new ShortestPath.Step(from, to));
          assertThat(distances[step][to]).isEqualTo(expected - 1);
        }
      }
    }
    assertThat(graph.questions()).hasSize(2 * reached);
  }

  @Test
  void severalStepsAndParentsCanBeRight() {
    ShortestPath diamond =
        new ShortestPath(List.of(List.of(1, 2, 4), List.of(3), List.of(3), List.of(), List.of()));
    ShortestPath.Step step = new ShortestPath.Step(0, 3);
    assertThat(diamond.right(step, 1)).isTrue();
    assertThat(diamond.right(step, 2)).isTrue();
    assertThat(diamond.right(step, 4)).as("leads nowhere").isFalse();
    assertThat(diamond.right(step, 3)).as("is no edge").isFalse();
    assertThat(diamond.exact(new ShortestPath.Distance(3, 0))).isEqualTo(-1);
    assertThat(diamond.simple(new ShortestPath.Neighbour(3, 5))).isEmpty();
    assertThat(diamond.simple(new ShortestPath.Neighbour(0, -1))).hasValue(4);
    UnionFind line =
        new UnionFind(
            List.of(OptionalInt.of(3), OptionalInt.empty(), OptionalInt.of(3)),
            List.of(List.of(1), List.of(0, 2), List.of(1)),
            7);
    assertThat(line.right(new UnionFind.Parent(1), 0)).isTrue();
    assertThat(line.right(new UnionFind.Parent(1), 2)).isTrue();
    assertThat(line.exact(new UnionFind.Value(1))).isEqualTo(3);
    assertThat(line.exact(new UnionFind.Depth(1))).isEqualTo(1);
  }

  @Test
  void wrongGraphsAreNamed() {
    assertThatThrownBy(() -> new ShortestPath(List.of(List.of(2), List.of())))
        .hasMessageContaining("[[2], []]");
    assertThatThrownBy(() -> ShortestPath.draw(3, 7, new SplittableRandom(1)))
        .hasMessageContaining("3 and 7");
    List<OptionalInt> given = List.of(OptionalInt.of(1), OptionalInt.empty());
    assertThatThrownBy(() -> new UnionFind(given, List.of(List.of(1), List.of()), 3))
        .hasMessageContaining("both ways");
    assertThatThrownBy(() -> new UnionFind(given, List.of(List.of(), List.of()), 3))
        .hasMessageContaining("no value follows for variable 1");
    assertThatThrownBy(
            () ->
                new UnionFind(
                    List.of(OptionalInt.of(1), OptionalInt.of(2)),
                    List.of(List.of(1), List.of(0)),
                    3))
        .hasMessageContaining("two values follow");
    assertThatThrownBy(() -> new UnionFind(given, List.of(List.of(1), List.of(0)), 0))
        .hasMessageContaining("at least 2 values");
  }

  @Test
  void knownAnswers() {
    PermutationPowering cycle = new PermutationPowering(List.of(1, 2, 0), 8);
    assertThat(cycle.exact(new PermutationPowering.Power(7, 0))).isEqualTo(1);
    WildcardSearch search = new WildcardSearch(List.of(1, -1, 1, 1));
    assertThat(search.exact(new WildcardSearch.Pattern("**"))).isEqualTo(2);
    assertThat(search.exact(new WildcardSearch.Pattern("0*"))).isEqualTo(0);
    assertThat(search.questions()).hasSize(9 - 4);
    SequentialAssignment assignment =
        new SequentialAssignment(
            List.of(
                new SequentialAssignment.Given(1),
                new SequentialAssignment.Made(0, 0),
                new SequentialAssignment.Made(1, 0)),
            List.of(List.of(0, 1), List.of(1, 0)));
    assertThat(assignment.exact(new SequentialAssignment.Value(1))).isEqualTo(0);
    assertThat(assignment.exact(new SequentialAssignment.Value(2))).isEqualTo(1);
    assertThat(assignment.difficulty(new SequentialAssignment.Value(2))).isEqualTo(2);
  }

  @Test
  void whatAsksNothingIsNotKnown() {
    PermutationPowering powering = new PermutationPowering(List.of(1, 2, 0), 8);
    assertThat(powering.simple(new PermutationPowering.Power(1, 7))).isEmpty();
    assertThat(powering.simple(new PermutationPowering.Power(-1, 0))).isEmpty();
    assertThat(new WildcardSearch(List.of(1, -1)).simple(new WildcardSearch.Pattern("01")))
        .isEmpty();
    SequentialAssignment assignment =
        new SequentialAssignment(
            List.of(new SequentialAssignment.Given(1)), List.of(List.of(0, 1), List.of(1, 0)));
    assertThat(assignment.simple(new SequentialAssignment.Operand(0, true))).isEmpty();
    assertThat(assignment.simple(new SequentialAssignment.Value(9))).isEmpty();
    assertThat(assignment.simple(new SequentialAssignment.Apply(2, 0))).isEmpty();
    assertThat(powering.combine(new PermutationPowering.Power(5, 0), sub -> OptionalInt.empty()))
        .isEmpty();
  }

  @Test
  void wrongFactsAreNamed() {
    assertThatThrownBy(() -> new PermutationPowering(List.of(0, 0), 4))
        .hasMessageContaining("[0, 0]");
    assertThatThrownBy(() -> new WildcardSearch(List.of(1, 1, 1)))
        .hasMessageContaining("power of two");
    assertThatThrownBy(
            () ->
                new SequentialAssignment(
                    List.of(new SequentialAssignment.Made(0, 0)),
                    List.of(List.of(0, 1), List.of(1, 0))))
        .hasMessageContaining("assignment 0");
    assertThatThrownBy(() -> new SequentialAssignment(List.of(), List.of(List.of(0, 1))))
        .hasMessageContaining("square");
  }

  @Test
  void wrongAnswersAreWrongAndSpread() {
    AnswerRange range = new AnswerRange(-2, 2);
    int[] counts = new int[5];
    for (long number = 0; number < 400; number++) {
      counts[range.wrong(1, number) + 2]++;
    }
    assertThat(counts).containsExactly(100, 100, 100, 0, 100);
  }
}
