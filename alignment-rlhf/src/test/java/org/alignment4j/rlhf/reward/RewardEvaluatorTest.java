package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;

/** Diagnostics against figures worked out by hand or by a naive loop. */
class RewardEvaluatorTest {

  /** Rewards by the text of the answer. */
  private record Table(Map<String, Double> rewards) implements RewardModel {
    @Override
    public String id() {
      return "table";
    }

    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      return answers.stream().map(a -> Reward.of(rewards.get(a.completion()))).toList();
    }
  }

  private static PreferencePair pair(String prompt, String chosen, String rejected, double p) {
    return new PreferencePair(
        Prompt.text(prompt), chosen, rejected, p, OptionalDouble.empty(), null);
  }

  @Test
  void accuraciesCountTiesOneHalf() {
    Table model = new Table(Map.of("a", 1.0, "bb", 0.0, "ccc", 1.0, "dddd", 5.0));
    List<PreferencePair> pairs =
        List.of(
            pair("x", "a", "bb", 1), // right, shorter
            pair("x", "a", "ccc", 0.9), // tie, shorter
            pair("y", "bb", "dddd", 1), // wrong, shorter
            pair("y", "bb", "a", 0.2), // turned round: right, shorter
            pair("y", "a", "bb", 0.5)); // says nothing
    RewardEvaluation e =
        RewardEvaluator.create()
            .slice("prompt", p -> ((Prompt.Text) p.prompt()).text())
            .evaluate(model, pairs);
    assertThat(e.accuracy().value()).isCloseTo(2.5 / 4, within(1e-12));
    assertThat(e.accuracy().n()).isEqualTo(4);
    assertThat(e.accuracy().unscored()).isEqualTo(1);
    assertThat(e.ties()).isEqualTo(1);
    assertThat(e.longerBaseline().value()).isZero();
    assertThat(e.margin().value()).isCloseTo((1 + 0 - 5 + 1) / 4.0, within(1e-12));
    assertThat(e.reward().value()).isCloseTo((1 + 0 + 1 + 1 + 0 + 5 + 1 + 0) / 8.0, within(1e-12));
    assertThat(e.reward().clusters()).isEqualTo(4);
    Map<String, Estimate> slices = e.slices().get("prompt");
    assertThat(slices.keySet()).containsExactly("x", "y");
    assertThat(slices.get("x").value()).isCloseTo(0.75, within(1e-12));
    assertThat(slices.get("y").value()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void withoutTiesTheIntervalIsWilsons() {
    for (int right : new int[] {0, 3, 17, 20}) {
      double[] margins = new double[20];
      for (int i = 0; i < 20; i++) {
        margins[i] = i < right ? 1 : -1;
      }
      Estimate actual = PairAccuracy.of(margins);
      Estimate expected = Estimates.proportion(right, 20);
      assertThat(actual.value()).isCloseTo(expected.value(), within(1e-12));
      assertThat(actual.ciLow()).isCloseTo(expected.ciLow(), within(1e-9));
      assertThat(actual.ciHigh()).isCloseTo(expected.ciHigh(), within(1e-9));
    }
  }

  @Test
  void correlationsOfPublishedExamples() {
    // Ranks of x: 1 2 3 4 5; of y with a tie: 1 2.5 2.5 4 5.
    double[] x = {1, 2, 3, 4, 50};
    double[] y = {10, 20, 20, 21, 22};
    Estimate pearson = LengthCorrelation.pearson(x, y, 5);
    Estimate spearman = LengthCorrelation.spearman(x, y, 5);
    // Σ(x−12)(y−18.6) = 178, Σ(x−12)² = 1810, Σ(y−18.6)² = 95.2.
    double r = 178 / Math.sqrt(1810 * 95.2);
    assertThat(pearson.value()).isCloseTo(r, within(1e-12));
    double z = 0.5 * Math.log((1 + r) / (1 - r));
    assertThat(pearson.ciLow()).isCloseTo(Math.tanh(z - 1.959964 / Math.sqrt(2)), within(1e-6));
    assertThat(pearson.ciHigh()).isCloseTo(Math.tanh(z + 1.959964 / Math.sqrt(2)), within(1e-6));
    assertThat(spearman.value()).isCloseTo(9.5 / Math.sqrt(10 * 9.5), within(1e-12));
    assertThat(spearman.contains(spearman.value())).isTrue();
    assertThat(LengthCorrelation.pearson(x, new double[5], 5).n()).isZero();
    assertThat(LengthCorrelation.pearson(x, x, 3).ciLow()).isNaN();
  }

  @Test
  void calibrationErrorIsThatOfANaiveLoop() {
    SplittableRandom random = new SplittableRandom(4);
    double[] margins = random.doubles(500, -4, 5).toArray();
    margins[7] = 0;
    int bins = 5;
    double expected = 0;
    for (int b = 0; b < bins; b++) {
      List<Double> confidences = new ArrayList<>();
      double hits = 0;
      for (double m : margins) {
        double s = 1 / (1 + Math.exp(-m));
        double c = Math.max(s, 1 - s);
        if ((c > 0.5 + 0.1 * b || b == 0) && c <= 0.5 + 0.1 * (b + 1)) {
          confidences.add(c);
          hits += m > 0 ? 1 : m == 0 ? 0.5 : 0;
        }
      }
      int n = confidences.size();
      double mean = confidences.stream().mapToDouble(c -> c).average().orElse(0);
      expected += n == 0 ? 0 : (double) n / 500 * Math.abs(hits / n - mean);
    }
    Reliability actual = Reliability.of(margins, bins);
    assertThat(actual.expectedCalibrationError()).isCloseTo(expected, within(1e-12));
    assertThat(actual.bins().stream().mapToLong(Reliability.Bin::pairs).sum()).isEqualTo(500);
    assertThat(actual.bins().get(4).high()).isEqualTo(1);
    // Confident and always right, or always wrong.
    assertThat(Reliability.of(new double[] {40, 40}, 10).expectedCalibrationError())
        .isCloseTo(0, within(1e-12));
    assertThat(Reliability.of(new double[] {-40, -40}, 10).expectedCalibrationError())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void aRewardThatIsLengthIsFoundOut() {
    Map<String, Double> rewards = new HashMap<>();
    List<PreferencePair> pairs = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 60; i++) {
      String shorter = i + "a".repeat(1 + random.nextInt(10));
      String longer = shorter + "b".repeat(1 + random.nextInt(10));
      rewards.put(shorter, 0.1 * shorter.length());
      rewards.put(longer, 0.1 * longer.length());
      pairs.add(i % 4 == 0 ? pair("q", shorter, longer, 1) : pair("q", longer, shorter, 1));
    }
    RewardEvaluation e = RewardEvaluator.create().evaluate(new Table(rewards), pairs);
    assertThat(e.accuracy().value()).isEqualTo(e.longerBaseline().value()).isEqualTo(0.75);
    assertThat(e.lengthPearson().value()).isCloseTo(1, within(1e-12));
    assertThat(e.lengthSpearman().value()).isCloseTo(1, within(1e-12));
    assertThat(e.rewardDeviation()).isPositive();
  }

  @Test
  void pairsThatSayNothingAreNotEnough() {
    assertThatThrownBy(
            () ->
                RewardEvaluator.create()
                    .evaluate(new Table(Map.of()), List.of(pair("x", "a", "b", 0.5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one pair with a probability other than 0.5");
    assertThatThrownBy(() -> RewardEvaluator.create().bins(0))
        .hasMessage("bins must be at least 1 but was 0");
  }
}
