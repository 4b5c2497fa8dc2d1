package org.alignment4j.oversight.amplify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.junit.jupiter.api.Test;

class IteratedAmplificationTest {
  private static final PermutationPowering POWERING =
      PermutationPowering.draw(16, 32, new SplittableRandom(1));
  private static final SequentialAssignment ASSIGNMENT =
      SequentialAssignment.draw(32, 6, 8, new SplittableRandom(2));
  private static final WildcardSearch WILDCARD = WildcardSearch.draw(5, new SplittableRandom(3));

  private static <Q> IterationReport<Q> run(IteratedAmplification<Q> loop, TargetSource source) {
    return loop.run(source, 7, CancellationToken.none());
  }

  private static <Q> void assertReachesTheCeiling(AlgorithmicTask<Q> task) {
    IteratedAmplification<Q> loop = IteratedAmplification.of(task);
    IterationReport<Q> amplified = run(loop, TargetSource.AMPLIFIED);
    IterationReport<Q> ceiling = run(loop, TargetSource.SUPERVISED);
    int hardest = amplified.accuracy().keySet().stream().mapToInt(d -> d).max().orElseThrow();
    assertThat(hardest).isGreaterThanOrEqualTo(4);
    assertThat(amplified.promotions()).hasSize(amplified.accuracy().size() - 1);
    amplified
        .accuracy()
        .forEach(
            (difficulty, accuracy) -> {
              assertThat(accuracy.value()).as("class %s", difficulty).isGreaterThanOrEqualTo(0.97);
              assertThat(accuracy.value())
                  .isCloseTo(ceiling.accuracy().get(difficulty).value(), within(0.03));
            });
    assertThat(ceiling.overseerAnswers()).isZero();

    IterationReport<Q> oneLevel = run(loop, TargetSource.ONE_LEVEL);
    assertThat(oneLevel.accuracy().get(1).value()).isEqualTo(1);
    oneLevel
        .accuracy()
        .forEach(
            (difficulty, accuracy) -> {
              if (difficulty > 1) {
                assertThat(accuracy.value()).isZero();
              }
            });
    run(loop, TargetSource.UNAMPLIFIED)
        .accuracy()
        .forEach((difficulty, accuracy) -> assertThat(accuracy.value()).isZero());
  }

  @Test
  void learnerReachesTheSupervisedCeilingWithoutAnyLabel() {
    assertReachesTheCeiling(POWERING);
    assertReachesTheCeiling(ASSIGNMENT);
    assertReachesTheCeiling(WILDCARD);
  }

  /** Paths and parents are found by trying; the learner proposes what it found before. */
  private static <Q> void assertFindsByTrying(AlgorithmicTask<Q> task) {
    IteratedAmplification<Q> loop = IteratedAmplification.of(task);
    IterationReport<Q> amplified = run(loop, TargetSource.AMPLIFIED);
    assertThat(amplified.accuracy().size()).isGreaterThanOrEqualTo(4);
    amplified
        .accuracy()
        .forEach(
            (difficulty, accuracy) ->
                assertThat(accuracy.value())
                    .as("class %s", difficulty)
                    .isGreaterThanOrEqualTo(0.95));
    IterationReport<Q> oneLevel = run(loop, TargetSource.ONE_LEVEL);
    oneLevel
        .accuracy()
        .forEach(
            (difficulty, accuracy) -> {
              if (difficulty > 2) {
                assertThat(accuracy.value()).as("class %s", difficulty).isLessThan(0.05);
              }
            });
    run(loop, TargetSource.UNAMPLIFIED)
        .accuracy()
        .forEach((difficulty, accuracy) -> assertThat(accuracy.value()).isZero());
  }

  @Test
  void otherShortestPathsAreRightToo() {
    ShortestPath graph = ShortestPath.draw(16, 48, new SplittableRandom(6));
    IterationReport<ShortestPath.Question> report =
        run(IteratedAmplification.of(graph), TargetSource.AMPLIFIED);
    Map<Integer, Integer> right = new HashMap<>();
    int others = 0;
    for (ShortestPath.Question question : graph.questions()) {
      OptionalInt answer = report.learner().ask(question);
      if (answer.isPresent() && graph.right(question, answer.getAsInt())) {
        right.merge(graph.difficulty(question), 1, Integer::sum);
        others += answer.getAsInt() == graph.exact(question) ? 0 : 1;
      }
    }
    assertThat(others).isPositive();
    report
        .accuracy()
        .forEach(
            (difficulty, accuracy) ->
                assertThat(accuracy.value() * accuracy.n())
                    .isCloseTo(right.get(difficulty), within(1e-6)));
  }

  @Test
  void learnerFindsPathsAndParentsByTrying() {
    assertFindsByTrying(ShortestPath.draw(16, 32, new SplittableRandom(4)));
    assertFindsByTrying(UnionFind.draw(64, 8, 8, new SplittableRandom(5)));
  }

  @Test
  void recursionWithoutDistillationDoesNotScale() {
    IteratedAmplification<WildcardSearch.Pattern> loop = IteratedAmplification.of(WILDCARD);
    for (int stars = 1; stars <= 5; stars++) {
      WildcardSearch.Pattern pattern =
          new WildcardSearch.Pattern("*".repeat(stars) + "0".repeat(5 - stars));
      IteratedAmplification.Recursion whole = loop.recurse(pattern, stars);
      assertThat(whole.answer()).hasValue(WILDCARD.exact(pattern));
      assertThat(whole.overseerAnswers()).isEqualTo((1L << stars) - 1);
      assertThat(loop.recurse(pattern, stars - 1).answer()).isEmpty();
    }
  }

  /** Accuracy by class of a whole recursion, over overseers that err at different steps. */
  private static <Q> Map<Integer, Double> erring(AlgorithmicTask<Q> task, double rate) {
    Map<Integer, List<Double>> right = new HashMap<>();
    for (int seed = 0; seed < 20; seed++) {
      IteratedAmplification<Q> loop =
          IteratedAmplification.of(task).withOverseer(new ErringOverseer<>(task, rate, seed));
      for (Q question : task.questions()) {
        OptionalInt answer = loop.recurse(question, task.difficulty(question) + 9).answer();
        right
            .computeIfAbsent(task.difficulty(question), key -> new ArrayList<>())
            .add(answer.equals(OptionalInt.of(task.exact(question))) ? 1.0 : 0.0);
      }
    }
    Map<Integer, Double> shares = new HashMap<>();
    right.forEach(
        (difficulty, outcomes) ->
            shares.put(difficulty, outcomes.stream().mapToDouble(d -> d).average().orElseThrow()));
    return shares;
  }

  @Test
  void errorsOfTheOverseerGrowWithDepth() {
    Map<Integer, Double> shares = erring(WILDCARD, 0.05);
    // A pattern of one star has 3 steps: two answers to read and one to state.
    assertThat(shares.get(1)).isCloseTo(Math.pow(0.95, 3), within(0.02));
    for (int stars = 2; stars <= 5; stars++) {
      assertThat(shares.get(stars)).isLessThan(shares.get(stars - 1) - 0.05);
      // Errors that cancel each other only add to what an error-free tree of 2^k - 1 nodes gives.
      assertThat(shares.get(stars)).isGreaterThan(Math.pow(0.95, 3 * ((1 << stars) - 1)));
    }
    assertThat(erring(WILDCARD, 0).values()).allMatch(share -> share == 1);
  }

  @Test
  void distilledLearnerInheritsTheErrors() {
    IterationReport<WildcardSearch.Pattern> report =
        run(
            IteratedAmplification.of(WILDCARD)
                .withOverseer(new ErringOverseer<>(WILDCARD, 0.05, 4)),
            TargetSource.AMPLIFIED);
    Map<Integer, Estimate> accuracy = report.accuracy();
    assertThat(accuracy.get(1).value()).isBetween(0.75, 0.97);
    assertThat(accuracy.get(4).value()).isLessThan(accuracy.get(1).value() - 0.2);
    assertThat(accuracy.get(1).n()).isEqualTo(80);
  }

  @Test
  void sameSeedSameRun() {
    IteratedAmplification<WildcardSearch.Pattern> loop =
        IteratedAmplification.of(WILDCARD).withSettings(IterationSettings.DEFAULT.withSteps(2));
    IterationReport<WildcardSearch.Pattern> one = run(loop, TargetSource.AMPLIFIED);
    assertThat(known(run(loop, TargetSource.AMPLIFIED))).isEqualTo(known(one));
    assertThat(known(loop.run(TargetSource.AMPLIFIED, 8, CancellationToken.none())))
        .isNotEqualTo(known(one));
    assertThat(one.overseerAnswers()).isEqualTo(2L * 50);
  }

  private static List<OptionalInt> known(IterationReport<WildcardSearch.Pattern> report) {
    return WILDCARD.questions().stream().map(report.learner()::ask).toList();
  }

  @Test
  void teacherIsTheMovingAverageOfTheLearner() {
    TableLearner<String> learner = new TableLearner<>();
    TableLearner<String> teacher = new TableLearner<>();
    learner.learn("q", OptionalInt.of(1), 1);
    teacher.follow(learner, 0.5);
    assertThat(teacher.ask("q")).hasValue(1);
    learner.learn("q", OptionalInt.of(2), 1);
    assertThat(learner.ask("q")).hasValue(2);
    assertThat(learner.ask("r")).isEmpty();
    // Weights are 0.5 of 1, then 0.25 of 1 and 0.5 of 2.
    teacher.follow(learner, 0.5);
    assertThat(teacher.ask("q")).hasValue(2);
    learner.learn("q", OptionalInt.empty(), 1);
    assertThat(learner.ask("q")).isEmpty();
  }

  @Test
  void badSettingsAreNamed() {
    assertThatThrownBy(() -> IterationSettings.DEFAULT.withSteps(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> new IterationSettings(1, 1, 1, 0, 0.5, 0.5, 1, 1))
        .hasMessageContaining("rate");
    assertThatThrownBy(() -> new ErringOverseer<>(WILDCARD, 1.5, 0)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> new AnswerRange(2, 2)).hasMessageContaining("2");
  }
}
