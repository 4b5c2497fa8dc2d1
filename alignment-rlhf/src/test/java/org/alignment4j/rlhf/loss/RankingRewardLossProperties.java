package org.alignment4j.rlhf.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.rlhf.loss.RankingRewardLoss.Form;

/** Laws of the losses of reward models over rankings, and each against its formula. */
class RankingRewardLossProperties {

  private static final int TRIES = 50;

  /** Answers in any order, tied or not. */
  record Ranked(double[] rewards, double[] scores) {
    int count() {
      return rewards.length;
    }
  }

  @Provide
  Arbitrary<Ranked> ranked() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 6),
            Arbitraries.doubles().between(-40, 40).array(double[].class).ofSize(6),
            Arbitraries.integers()
                .between(0, 5)
                .map(i -> (double) i)
                .array(double[].class)
                .ofSize(6))
        .as((n, r, s) -> new Ranked(Arrays.copyOf(r, n), Arrays.copyOf(s, n)));
  }

  @Provide
  Arbitrary<RankingRewardLoss> losses() {
    return Combinators.combine(Arbitraries.of(Form.class), Arbitraries.integers().between(1, 6))
        .as(RankingRewardLoss::new);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double plain(RankingRewardLoss loss, Ranked a) {
    List<Integer> order =
        IntStream.range(0, a.count())
            .boxed()
            .sorted((x, y) -> Double.compare(a.scores()[y], a.scores()[x]))
            .toList();
    double sum = 0;
    int pairs = 0;
    for (int place = 0; place < Math.min(loss.top(), a.count()); place++) {
      int k = order.get(place);
      double max = a.rewards()[k];
      List<Double> left = new ArrayList<>(List.of(max));
      for (int i = 0; i < a.count(); i++) {
        if (a.scores()[i] < a.scores()[k]) {
          left.add(a.rewards()[i]);
          max = Math.max(max, a.rewards()[i]);
          pairs++;
          if (loss.form() == Form.ALL_PAIRS) {
            sum += softplus(a.rewards()[i] - a.rewards()[k]);
          }
        }
      }
      if (loss.form() == Form.PLACKETT_LUCE) {
        double top = max;
        sum +=
            top + Math.log(left.stream().mapToDouble(r -> Math.exp(r - top)).sum()) - left.get(0);
      }
    }
    return loss.form() == Form.ALL_PAIRS ? sum / Math.max(1, pairs) : sum;
  }

  private static RankingLossValues evaluate(
      RankingRewardLoss loss, double[] rewards, double[] scores) {
    return RankingRewardLosses.evaluate(loss, rewards, scores);
  }

  @Property(tries = 2 * TRIES)
  void everyFormIsItsFormula(
      @ForAll("losses") RankingRewardLoss loss, @ForAll("ranked") Ranked ranked) {
    assertThat(evaluate(loss, ranked.rewards(), ranked.scores()).loss())
        .isCloseTo(plain(loss, ranked), within(1e-11));
  }

  @Property(tries = TRIES)
  void gradientsAreFiniteDifferencesAndSumToZero(
      @ForAll("losses") RankingRewardLoss loss, @ForAll("ranked") Ranked ranked) {
    double[] gradients = evaluate(loss, ranked.rewards(), ranked.scores()).gradients();
    double step = 1e-5;
    for (int i = 0; i < ranked.count(); i++) {
      double[] above = ranked.rewards().clone();
      double[] below = ranked.rewards().clone();
      above[i] += step;
      below[i] -= step;
      double slope =
          (evaluate(loss, above, ranked.scores()).loss()
                  - evaluate(loss, below, ranked.scores()).loss())
              / (2 * step);
      assertThat(gradients[i]).isCloseTo(slope, within(1e-6));
    }
    assertThat(Arrays.stream(gradients).sum()).isCloseTo(0, within(1e-12));
  }

  @Property(tries = TRIES)
  void onlyDifferencesOfRewardsAndTheOrderCount(
      @ForAll("losses") RankingRewardLoss loss,
      @ForAll("ranked") Ranked ranked,
      @ForAll @DoubleRange(min = -50, max = 50) double by) {
    double[] shifted = Arrays.stream(ranked.rewards()).map(r -> r + by).toArray();
    double[] stretched = Arrays.stream(ranked.scores()).map(s -> 3 * s * s + s).toArray();
    double expected = evaluate(loss, ranked.rewards(), ranked.scores()).loss();
    assertThat(expected).isGreaterThanOrEqualTo(-0.0);
    assertThat(evaluate(loss, shifted, stretched).loss()).isCloseTo(expected, within(1e-10));
  }

  @Property(tries = TRIES)
  void twoAnswersAreBradleyTerry(
      @ForAll("losses") RankingRewardLoss loss,
      @ForAll @DoubleRange(min = -30, max = 30) double w,
      @ForAll @DoubleRange(min = -30, max = 30) double l) {
    RewardLossValues pair =
        RewardLosses.evaluate(
            BradleyTerryLoss.standard(),
            new double[] {w},
            new double[] {l},
            new double[1],
            new double[] {1});
    RankingLossValues values = evaluate(loss, new double[] {l, w}, new double[] {0, 1});
    assertThat(values.loss()).isCloseTo(pair.loss(), within(1e-12));
    assertThat(values.gradients()[1]).isCloseTo(pair.chosenGradients()[0], within(1e-12));
  }

  /** Over all orders of four answers; odds of two answers do not depend on the others. */
  @Example
  void plackettLuceIsADistributionOverRankings() {
    double[] rewards = {0.3, -1.2, 2.5, 0};
    double total = 0;
    double firstBeatsSecond = 0;
    for (int code = 0; code < 256; code++) {
      double[] scores = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3};
      if (Arrays.stream(scores).distinct().count() == 4) {
        double p = Math.exp(-evaluate(RankingRewardLoss.plackettLuce(), rewards, scores).loss());
        total += p;
        firstBeatsSecond += scores[0] > scores[1] ? p : 0;
      }
    }
    assertThat(total).isCloseTo(1, within(1e-12));
    assertThat(firstBeatsSecond).isCloseTo(1 / (1 + Math.exp(-1.5)), within(1e-12));
  }

  @Example
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new RankingRewardLoss(Form.ALL_PAIRS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("top must be at least 1 but was 0");
    assertThatThrownBy(
            () ->
                RankingRewardLosses.evaluate(
                    RankingRewardLoss.allPairs(), new double[] {Double.NaN}, new double[1]))
        .hasMessageContaining("rewards[0] must be a finite number but was NaN");
  }
}
