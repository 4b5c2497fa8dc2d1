package org.alignment4j.oversight.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.core.statistics.Bootstrap;
import org.junit.jupiter.api.Test;

/** Chains of sums with planted errors, judged and scored step by step. */
class ProcessSupervisionTest {
  private static final Usage ONE = Usage.NONE.plus(new Usage(1, 0, 0, 0, 0, 0, Duration.ZERO));

  private static Judge checking(List<View> seen) {
    return (view, context) -> {
      seen.add(view);
      String last = view.material().get(view.material().size() - 1);
      return new Verdict.Decided(
          ArithmeticChains.holds(last) ? StepLabelling.RIGHT : StepLabelling.WRONG, 1, "", ONE);
    };
  }

  @Test
  void stepsAreLabelledUntilTheFirstMistake() {
    StepLabels truth = ArithmeticChains.chain(6, 3, 1);
    List<View> seen = new ArrayList<>();
    Outcome<StepLabels> outcome =
        StepLabelling.by(checking(seen)).run(truth.solution(), OversightContext.of(1));
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.verdict()).isEqualTo(StepSupervision.untilFirstMistake(truth));
    assertThat(outcome.verdict().correctness())
        .containsExactly(
            OptionalDouble.of(1),
            OptionalDouble.of(1),
            OptionalDouble.of(1),
            OptionalDouble.of(0),
            OptionalDouble.empty(),
            OptionalDouble.empty());
    assertThat(seen).hasSize(4);
    assertThat(seen.get(2).material()).isEqualTo(truth.solution().steps().subList(0, 3));
    assertThat(seen.get(2).question()).startsWith("What is");
    assertThat(seen.get(2).instructions()).contains("last step");
    assertThat(outcome.usage().calls()).isEqualTo(4);
  }

  @Test
  void whatCannotBeReadHasNoLabel() {
    Judge mumbling =
        (view, context) ->
            view.round() == 1
                ? new Verdict.Unparsed("well", ONE)
                : new Verdict.Decided(StepLabelling.NEUTRAL, 1, "", ONE);
    StepLabels labels =
        StepLabelling.by(mumbling)
            .run(ArithmeticChains.chain(3, -1, 1).solution(), OversightContext.of(1))
            .verdict();
    assertThat(labels.correctness())
        .containsExactly(OptionalDouble.of(0.5), OptionalDouble.empty(), OptionalDouble.of(0.5));
    assertThat(StepSupervision.neutralAsRight(labels).correctness())
        .containsExactly(OptionalDouble.of(1), OptionalDouble.empty(), OptionalDouble.of(1));
    assertThat(StepSupervision.firstMistake(labels)).isEqualTo(OptionalInt.empty());
  }

  @Test
  void aBudgetKeepsWhatWasLabelled() {
    Outcome<StepLabels> outcome =
        StepLabelling.by(checking(new ArrayList<>()))
            .run(
                ArithmeticChains.chain(5, -1, 1).solution(),
                OversightContext.of(1).withBudget(Budget.UNLIMITED.withCalls(2)));
    assertThat(outcome.complete()).isFalse();
    assertThat(outcome.verdict().correctness().stream().filter(OptionalDouble::isPresent))
        .hasSize(2);
  }

  @Test
  void tokensCannotBeJudged() {
    StepwiseSolution tokens = new StepwiseSolution(Prompt.tokens(TokenIds.of(1)), List.of("x"));
    assertThatThrownBy(
            () -> StepLabelling.by(checking(List.of())).run(tokens, OversightContext.of(1)))
        .hasMessageContaining("must be a text or a conversation");
  }

  @Test
  void aSolutionsScoreIsTheProduct() {
    assertThat(Math.exp(StepSupervision.logScore(new double[] {0.5, 0.8, 1})))
        .isCloseTo(0.4, within(1e-12));
    assertThat(StepSupervision.logScore(new double[] {0.9, 0})).isEqualTo(Double.NEGATIVE_INFINITY);
    double[] many = new double[5000];
    Arrays.fill(many, 0.5);
    assertThat(StepSupervision.logScore(many)).isCloseTo(5000 * Math.log(0.5), within(1e-6));
    assertThatThrownBy(() -> StepSupervision.logScore(new double[0]))
        .hasMessageContaining("must have steps");
    assertThatThrownBy(() -> StepSupervision.logScore(new double[] {1, 1.5}))
        .hasMessage("correct[1] must be in [0, 1] but was 1.5");
  }

  /**
   * A checker that errs in a tenth of the steps finds a planted mistake at place k with .9^(k+1).
   */
  @Test
  void mistakesAreFoundAsOftenAsPlanted() {
    Random random = new Random(3);
    List<StepLabels> labels = new ArrayList<>();
    List<double[]> exact = new ArrayList<>();
    List<double[]> rough = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      StepLabels chain = ArithmeticChains.chain(5, i % 6 - 1, i);
      labels.add(StepSupervision.untilFirstMistake(chain));
      double[] right =
          chain.solution().steps().stream()
              .mapToDouble(step -> ArithmeticChains.holds(step) ? 0.9 : 0.1)
              .toArray();
      exact.add(right);
      rough.add(
          Arrays.stream(right)
              .map(p -> random.nextDouble() < 0.1 ? (p > 0.5 ? 0.1 : 0.9) : p)
              .toArray());
    }
    Bootstrap bootstrap = new Bootstrap(50, 1, 0.95);
    StepFigures perfect = StepFigures.of(labels, exact, bootstrap);
    assertThat(perfect.firstMistake().value()).isEqualTo(1);
    assertThat(perfect.area().orElseThrow().estimate().value()).isEqualTo(1);
    assertThat(perfect.judged())
        .isEqualTo(
            labels.stream()
                .flatMap(l -> l.correctness().stream())
                .filter(OptionalDouble::isPresent)
                .count());
    assertThat(perfect.unjudged()).isZero();
    StepFigures blurred = StepFigures.of(labels, rough, bootstrap);
    double expected = (Math.pow(0.9, 5) + 0.9 + 0.81 + 0.729 + 0.6561 + 0.59049) / 6;
    assertThat(blurred.firstMistake().value()).isCloseTo(expected, within(0.02));
    assertThat(blurred.area().orElseThrow().estimate().value()).isCloseTo(0.9, within(0.02));
    assertThat(perfect.error().value()).isCloseTo(0.01, within(1e-12));
    assertThat(blurred.error().value()).isCloseTo(0.9 * 0.01 + 0.1 * 0.81, within(0.01));
    assertThat(blurred.error().clusters()).isEqualTo(4000);
    assertThatThrownBy(() -> StepFigures.of(labels, exact.subList(0, 3), bootstrap))
        .hasMessageContaining("each of 4000 solutions but there are for 3 and 4000");
    assertThatThrownBy(
            () -> StepFigures.of(labels.subList(0, 1), List.of(new double[2]), bootstrap))
        .hasMessageContaining("for each of 5 steps but has 2");
  }

  /** Copies of solutions tell nothing new, so that clusters of them keep every interval. */
  @Test
  void solutionsOfOneProblemAreOneCluster() {
    List<StepLabels> labels = new ArrayList<>();
    List<double[]> correct = new ArrayList<>();
    List<StepLabels> copies = new ArrayList<>();
    List<double[]> copied = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      StepLabels chain = StepSupervision.untilFirstMistake(ArithmeticChains.chain(4, i % 5 - 1, i));
      double[] said = new double[4];
      Arrays.fill(said, i % 3 == 0 ? 0.2 : 0.7);
      labels.add(chain);
      correct.add(said);
      copies.addAll(List.of(chain, chain, chain));
      copied.addAll(List.of(said, said, said));
    }
    int[] problems = IntStream.range(0, 180).map(i -> i / 3).toArray();
    Bootstrap bootstrap = new Bootstrap(200, 1, 0.95);
    StepFigures once = StepFigures.of(labels, correct, bootstrap);
    StepFigures thrice = StepFigures.of(copies, copied, problems, bootstrap);
    assertThat(thrice.firstMistake().ciHigh())
        .isCloseTo(once.firstMistake().ciHigh(), within(0.01));
    assertThat(thrice.firstMistake().clusters()).isEqualTo(60);
    assertThat(thrice.error().standardError())
        .isCloseTo(once.error().standardError(), within(1e-3));
    assertThat(thrice.area().orElseThrow().estimate().ciLow())
        .isEqualTo(once.area().orElseThrow().estimate().ciLow());
    StepFigures apart = StepFigures.of(copies, copied, bootstrap);
    assertThat(apart.firstMistake().ciHigh()).isLessThan(once.firstMistake().ciHigh() - 0.02);
  }

  @Test
  void withoutLabelsNothingIsFound() {
    StepLabels known = ArithmeticChains.chain(2, -1, 1);
    StepLabels unknown =
        new StepLabels(known.solution(), List.of(OptionalDouble.empty(), OptionalDouble.empty()));
    double[] said = {0.9, 0.9};
    Bootstrap bootstrap = new Bootstrap(20, 1, 0.95);
    StepFigures figures =
        StepFigures.of(List.of(unknown, known), List.of(said, said), new int[] {4, 5}, bootstrap);
    assertThat(figures.firstMistake().value()).isEqualTo(1);
    assertThat(figures.firstMistake().n()).isEqualTo(1);
    assertThat(figures.firstMistake().unscored()).isEqualTo(1);
    assertThat(figures.judged()).isEqualTo(2);
    assertThat(figures.unjudged()).isEqualTo(2);
    StepFigures nothing = StepFigures.of(List.of(unknown), List.of(said), bootstrap);
    assertThat(nothing.firstMistake().n()).isZero();
    assertThat(nothing.firstMistake().value()).isNaN();
    assertThat(nothing.firstMistake().unscored()).isEqualTo(1);
  }
}
