package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.rlhf.loss.StableAlignmentLoss.Penalty;

/** Laws of the losses over rankings, and each against its formula written out plainly. */
class RankingLossProperties {

  private static final int TRIES = 40;

  private static Arbitrary<RankedAnswers> answers(Arbitrary<Double> scores) {
    Arbitrary<double[]> logProbs =
        Arbitraries.doubles().between(-60, -0.01).array(double[].class).ofSize(6);
    return Combinators.combine(
            Arbitraries.integers().between(1, 6),
            logProbs,
            logProbs,
            Arbitraries.integers()
                .between(1, 9)
                .map(i -> (double) i)
                .array(double[].class)
                .ofSize(6),
            scores.array(double[].class).ofSize(6))
        .as(
            (n, p, r, l, s) ->
                new RankedAnswers(
                    Arrays.copyOf(p, n),
                    Arrays.copyOf(r, n),
                    Arrays.copyOf(l, n),
                    Arrays.copyOf(s, n)));
  }

  /** With ties. */
  @Provide
  Arbitrary<RankedAnswers> any() {
    return answers(Arbitraries.integers().between(-2, 4).map(i -> i * 0.5));
  }

  @Provide
  Arbitrary<RankedAnswers> untied() {
    return answers(Arbitraries.doubles().between(-3, 3))
        .filter(a -> Arrays.stream(a.scores()).distinct().count() == a.count());
  }

  @Provide
  Arbitrary<RankingLoss> losses() {
    Arbitrary<Double> weights = Arbitraries.doubles().between(0, 2);
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of(0.0, 0.5, 1.0), weights).as(RrhfLoss::new),
        weights.map(ProLoss::new),
        Combinators.combine(
                Arbitraries.doubles().between(0.05, 1), Arbitraries.integers().between(1, 6))
            .as(PlackettLucePolicyLoss::new),
        Combinators.combine(weights, weights, Arbitraries.of(Penalty.class))
            .as((w, m, p) -> new StableAlignmentLoss(w, m, 7, p)));
  }

  private static RankingLossValues evaluate(RankingLoss loss, RankedAnswers a) {
    return RankingLosses.evaluate(loss, a.policy(), a.reference(), a.lengths(), a.scores());
  }

  @Property(tries = 4 * TRIES)
  void everyLossIsItsFormula(
      @ForAll("losses") RankingLoss loss, @ForAll("any") RankedAnswers answers) {
    double expected = PlainRankingLosses.of(loss, answers);
    assertThat(evaluate(loss, answers).loss())
        .isCloseTo(expected, within(1e-11 + 1e-12 * Math.abs(expected)));
  }

  /** At hinges that do not bend within the step. */
  @Property(tries = 2 * TRIES)
  void gradientsAreFiniteDifferences(
      @ForAll("losses") RankingLoss loss, @ForAll("any") RankedAnswers answers) {
    double[] gradients = evaluate(loss, answers).gradients();
    double step = 1e-5;
    for (int i = 0; i < gradients.length; i++) {
      double p = answers.policy()[i];
      double above = evaluate(loss, answers.withPolicy(i, p + step)).loss();
      double here = evaluate(loss, answers).loss();
      double below = evaluate(loss, answers.withPolicy(i, p - step)).loss();
      double size = Math.max(1, Math.abs(here));
      if (Math.abs(above - 2 * here + below) < 1e-8 * size) {
        assertThat(gradients[i]).isCloseTo((above - below) / (2 * step), within(1e-5 * size));
      }
    }
  }

  @Property(tries = TRIES)
  void theOrderGivenDoesNotMatter(
      @ForAll("losses") RankingLoss loss,
      @ForAll("untied") RankedAnswers answers,
      @ForAll long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, answers.count()).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    RankingLossValues one = evaluate(loss, answers);
    RankingLossValues other = evaluate(loss, answers.permuted(order));
    assertThat(other.loss()).isCloseTo(one.loss(), within(1e-12 * Math.max(1, one.loss())));
    for (int i = 0; i < answers.count(); i++) {
      assertThat(other.gradients()[i])
          .isCloseTo(one.gradients()[order.get(i)], within(1e-10 * Math.max(1, one.loss())));
    }
  }

  @Property(tries = TRIES)
  void scoresCountByTheirOrderOnlyInRrhfAndPlackettLuce(@ForAll("any") RankedAnswers answers) {
    double[] stretched = Arrays.stream(answers.scores()).map(s -> Math.exp(s) + s).toArray();
    for (RankingLoss loss : List.of(RankingLoss.rrhf(), RankingLoss.plackettLuce(0.3))) {
      assertThat(evaluate(loss, answers.withScores(stretched)).loss())
          .isCloseTo(evaluate(loss, answers).loss(), within(1e-12));
    }
  }

  @Property(tries = TRIES)
  void raisingAllScoresChangesNothing(
      @ForAll("losses") RankingLoss loss, @ForAll("any") RankedAnswers answers) {
    double[] shifted = Arrays.stream(answers.scores()).map(s -> s + 64).toArray();
    double expected = evaluate(loss, answers).loss();
    assertThat(evaluate(loss, answers.withScores(shifted)).loss())
        .isCloseTo(expected, within(1e-11 * Math.max(1, expected)));
  }

  @Property(tries = TRIES)
  void stretchingTheScoresOfProIsStretchingItsTemperatures(
      @ForAll("any") RankedAnswers answers, @ForAll @DoubleRange(min = 0.25, max = 4) double by) {
    ProLoss plainTerms = new ProLoss(0);
    double[] stretched = Arrays.stream(answers.scores()).map(s -> s * by).toArray();
    double[] policy = Arrays.stream(answers.policy()).map(p -> p * by).toArray();
    RankedAnswers steeper =
        new RankedAnswers(policy, answers.reference(), answers.lengths(), answers.scores());
    double expected = evaluate(plainTerms, steeper).loss();
    assertThat(evaluate(plainTerms, answers.withScores(stretched)).loss())
        .isNotNegative()
        .isCloseTo(expected, within(1e-11 * Math.max(1, expected)));
  }

  @Property(tries = TRIES)
  void oneAnswerIsSupervised(
      @ForAll("losses") RankingLoss loss, @ForAll("any") RankedAnswers answers) {
    RankedAnswers one = answers.permuted(List.of(0));
    double nll = -one.policy()[0];
    double expected = nll / one.lengths()[0];
    if (loss instanceof ProLoss pro) {
      expected = pro.sftWeight() * nll;
    } else if (loss instanceof PlackettLucePolicyLoss) {
      expected = 0;
    }
    assertThat(evaluate(loss, one).loss()).isCloseTo(expected, within(1e-12 * Math.max(1, nll)));
  }

  @Property(tries = TRIES)
  void agreementLeavesSupervisedFineTuning(@ForAll("untied") RankedAnswers answers) {
    double[] means = IntStream.range(0, answers.count()).mapToDouble(answers::mean).toArray();
    RankedAnswers agreed = answers.withScores(means);
    Assume.that(Arrays.stream(means).distinct().count() == means.length);
    double best = -Arrays.stream(means).max().orElseThrow();
    assertThat(evaluate(RankingLoss.rrhf(), agreed).loss()).isCloseTo(best, within(1e-12));
    for (Penalty penalty : Penalty.values()) {
      // margins of a seventh of the differences, which the answers keep
      assertThat(evaluate(new StableAlignmentLoss(0.5, 1, 7, penalty), agreed).loss())
          .isCloseTo(best, within(1e-12));
      assertThat(evaluate(new StableAlignmentLoss(0, 10, 7, penalty), answers).loss())
          .isCloseTo(-answers.mean(answers.best()), within(1e-12));
    }
  }

  @Property(tries = TRIES)
  void twoAnswersOfPlackettLuceAreThePairLoss(@ForAll("untied") RankedAnswers answers) {
    Assume.that(answers.count() >= 2);
    RankedAnswers two = answers.permuted(List.of(0, 1));
    int w = two.best();
    PreferenceLossValues pair =
        PreferenceLosses.evaluate(
            PreferenceLoss.dpo(0.3),
            new double[] {two.policy()[w]},
            new double[] {two.policy()[1 - w]},
            new double[] {two.reference()[w]},
            new double[] {two.reference()[1 - w]});
    RankingLossValues values = evaluate(RankingLoss.plackettLuce(0.3), two);
    assertThat(values.loss()).isCloseTo(pair.loss(), within(1e-12));
    assertThat(values.gradients()[w]).isCloseTo(pair.chosenGradients()[0], within(1e-12));
    assertThat(values.gradients()[1 - w]).isCloseTo(pair.rejectedGradients()[0], within(1e-12));
  }

  /** A distribution over rankings; its gradient sums to 0, and others count for no odds of two. */
  @Property(tries = 10)
  void plackettLuceIsADistributionOverRankings(@ForAll("untied") RankedAnswers answers) {
    List<List<Integer>> orders = new ArrayList<>();
    permutations(new ArrayList<>(), Math.min(4, answers.count()), orders);
    double total = 0;
    for (List<Integer> order : orders) {
      RankedAnswers some = answers.permuted(order);
      double[] scores = IntStream.range(0, order.size()).mapToDouble(i -> -i).toArray();
      RankingLossValues values = evaluate(RankingLoss.plackettLuce(0.2), some.withScores(scores));
      assertThat(values.loss()).isGreaterThanOrEqualTo(-0.0);
      assertThat(Arrays.stream(values.gradients()).sum()).isCloseTo(0, within(1e-12));
      total += Math.exp(-values.loss());
    }
    assertThat(total).isCloseTo(1, within(1e-10));
  }

  private static void permutations(List<Integer> so, int n, List<List<Integer>> into) {
    if (so.size() == n) {
      into.add(List.copyOf(so));
      return;
    }
    for (int i = 0; i < n; i++) {
      if (!so.contains(i)) {
        so.add(i);
        permutations(so, n, into);
        so.remove(so.size() - 1);
      }
    }
  }

  @Example
  void extremesStayFinite() {
    double[] policy = {-1e4, -1e-3, -5e3};
    double[] reference = {-1e-3, -1e4, -5e3};
    double[] lengths = {1, 1, 1};
    double[] scores = {2, 1, 0};
    for (RankingLoss loss :
        List.of(
            RankingLoss.rrhf(),
            RankingLoss.pro(),
            RankingLoss.plackettLuce(1),
            RankingLoss.stableAlignment())) {
      RankingLossValues values = RankingLosses.evaluate(loss, policy, reference, lengths, scores);
      assertThat(values.loss()).isFinite();
      assertThat(values.gradients())
          .satisfies(g -> Arrays.stream(g).forEach(x -> assertThat(x).isFinite()));
    }
  }
}
