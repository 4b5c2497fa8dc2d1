package org.alignment4j.oversight.amplify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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
