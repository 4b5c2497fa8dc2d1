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
import org.alignment4j.core.statistics.ReliabilityTable;
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
            pair("y", "bb", "a", 0.2), // right with 0.8, shorter with 0.8
            pair("y", "a", "bb", 0.5)); // says nothing: one half whatever the model
    RewardEvaluation e =
        RewardEvaluator.create()
            .slice("prompt", p -> ((Prompt.Text) p.prompt()).text())
            .evaluate(model, pairs);
    assertThat(e.accuracy().value()).isCloseTo((1 + 0.5 + 0 + 0.8 + 0.5) / 5, within(1e-12));
    assertThat(e.accuracy().n()).isEqualTo(5);
    assertThat(e.accuracy().unscored()).isZero();
    assertThat(e.ties()).isEqualTo(1);
    assertThat(e.longerBaseline().value()).isCloseTo((0 + 0.1 + 0 + 0.2 + 0.5) / 5, within(1e-12));
    assertThat(e.margin().value()).isCloseTo((1 + 0 - 5 + 0.6 + 0) / 5, within(1e-12));
    assertThat(e.reward().value())
        .isCloseTo((1 + 0 + 1 + 1 + 0 + 5 + 0 + 1 + 1 + 0) / 10.0, within(1e-12));
    assertThat(e.accuracyCeiling()).isCloseTo((1 + 0.9 + 1 + 0.8 + 0.5) / 5, within(1e-12));
    for (Estimate figure : new Estimate[] {e.accuracy(), e.longerBaseline(), e.margin()}) {
      assertThat(figure.clusters()).isEqualTo(2);
    }
    assertThat(e.reward().clusters()).isEqualTo(2);
    assertThat(e.reward().n()).isEqualTo(10);
    // Deviations from 1 of those: five zeros, four ones, one four.
    assertThat(e.rewardDeviation()).isCloseTo(Math.sqrt((4 + 16) / 9.0), within(1e-12));
    Map<String, Estimate> slices = e.slices().get("prompt");
    assertThat(slices.keySet()).containsExactly("x", "y");
    assertThat(slices.get("x").value()).isCloseTo(0.75, within(1e-12));
    assertThat(slices.get("y").value()).isCloseTo((0 + 0.8 + 0.5) / 3, within(1e-12));
  }

  @Test
  void aGroupingThatNamesNoGroupIsRefused() {
    Table model = new Table(Map.of("a", 1.0, "bb", 0.0));
    List<PreferencePair> pairs = List.of(pair("x", "a", "bb", 1), pair("y", "a", "bb", 1));
    RewardEvaluator evaluator =
        RewardEvaluator.create()
            .slice("topic", p -> ((Prompt.Text) p.prompt()).text().equals("x") ? "one" : null);
    assertThatThrownBy(() -> evaluator.evaluate(model, pairs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'topic'")
        .hasMessageContaining("pair 1");
    assertThatThrownBy(() -> RewardEvaluator.create().slice("topic", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("group");
  }

  @Test
  void aPairSaysTheSameFromEitherSide() {
    Table model = new Table(Map.of("a", 1.0, "bb", -0.5, "ccc", 1.0, "dddd", 5.0));
    List<PreferencePair> pairs =
        List.of(
            pair("x", "a", "bb", 0.7),
            pair("x", "a", "ccc", 0.9),
            pair("y", "bb", "dddd", 1),
            pair("y", "a", "dddd", 0.35));
    RewardEvaluator evaluator = RewardEvaluator.create().slice("all", p -> "all").bins(4);
    RewardEvaluation one = evaluator.evaluate(model, pairs);
    RewardEvaluation other =
        evaluator.evaluate(model, pairs.stream().map(PreferencePair::swapped).toList());
    assertThat(one.accuracy().value()).isCloseTo((0.7 + 0.5 + 0 + 0.65) / 4, within(1e-12));
    close(other.accuracy(), one.accuracy());
    close(other.longerBaseline(), one.longerBaseline());
    close(other.margin(), one.margin());
    close(other.reward(), one.reward());
    close(other.lengthPearson(), one.lengthPearson());
    close(other.lengthSpearman(), one.lengthSpearman());
    close(other.slices().get("all").get("all"), one.slices().get("all").get("all"));
    assertThat(other.reliability().expectedError())
        .isCloseTo(one.reliability().expectedError(), within(1e-12));
    assertThat(other.ties()).isEqualTo(one.ties()).isEqualTo(1);
  }

  private static void close(Estimate actual, Estimate expected) {
    assertThat(actual.value()).isCloseTo(expected.value(), within(1e-12));
    assertThat(actual.ciLow()).isCloseTo(expected.ciLow(), within(1e-12));
    assertThat(actual.ciHigh()).isCloseTo(expected.ciHigh(), within(1e-12));
    assertThat(actual.n()).isEqualTo(expected.n());
  }

  /** Answers named by number, each pair with rewards and lengths of its own. */
  private static RewardEvaluation evaluate(
      double[] rewards, int[] lengths, double[] probabilities, int bins) {
    Map<String, Double> table = new HashMap<>();
    Map<String, Integer> sizes = new HashMap<>();
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < rewards.length; i++) {
      table.put("answer " + i, rewards[i]);
      sizes.put("answer " + i, lengths[i]);
    }
    for (int i = 0; i < probabilities.length; i++) {
      pairs.add(pair("q" + i, "answer " + 2 * i, "answer " + (2 * i + 1), probabilities[i]));
    }
    return RewardEvaluator.create()
        .lengths(a -> sizes.get(a.completion()))
        .bins(bins)
        .evaluate(new Table(table), pairs);
  }

  @Test
  void correlationsCountPairs() {
    double[] rewards = {1, 2, 3, 4, 50, 6, 7, 8.5, 9, 30};
    int[] lengths = {10, 20, 20, 21, 22, 3, 9, 30, 11, 12};
    double[] certain = {1, 1, 0, 1, 0};
    RewardEvaluation e = evaluate(rewards, lengths, certain, 10);
    double meanReward = 12.05;
    double meanLength = 15.8;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < rewards.length; i++) {
      xx += (rewards[i] - meanReward) * (rewards[i] - meanReward);
      yy += (lengths[i] - meanLength) * (lengths[i] - meanLength);
      xy += (rewards[i] - meanReward) * (lengths[i] - meanLength);
    }
    double r = xy / Math.sqrt(xx * yy);
    double z = 0.5 * Math.log((1 + r) / (1 - r));
    assertThat(e.lengthPearson().value()).isCloseTo(r, within(1e-12));
    assertThat(e.lengthPearson().ciLow())
        .isCloseTo(Math.tanh(z - 1.959964 / Math.sqrt(2)), within(1e-6));
    assertThat(e.lengthPearson().ciHigh())
        .isCloseTo(Math.tanh(z + 1.959964 / Math.sqrt(2)), within(1e-6));
    assertThat(e.lengthPearson().n()).isEqualTo(10);
    assertThat(e.lengthSpearman().clusters()).isEqualTo(5);
    assertThat(e.lengthSpearman().contains(e.lengthSpearman().value())).isTrue();
    RewardEvaluation even = evaluate(rewards, new int[10], certain, 10);
    assertThat(even.lengthPearson().n()).isZero();
    assertThat(even.lengthPearson().unscored()).isEqualTo(10);
    RewardEvaluation few =
        evaluate(new double[] {1, 2, 3, 5}, new int[] {4, 2, 2, 9}, new double[] {1, 1}, 10);
    assertThat(few.lengthSpearman().ciLow()).isNaN();
  }

  @Test
  void calibrationErrorIsThatOfANaiveLoop() {
    SplittableRandom random = new SplittableRandom(4);
    double[] margins = random.doubles(500, -4, 5).toArray();
    double[] probabilities = random.doubles(500).map(p -> p < 0.5 ? 1 : p).toArray();
    margins[7] = 0;
    double[] rewards = new double[1000];
    for (int i = 0; i < 500; i++) {
      rewards[2 * i] = margins[i];
    }
    int bins = 5;
    double expected = 0;
    for (int b = 0; b < bins; b++) {
      List<Double> confidences = new ArrayList<>();
      double hits = 0;
      for (int i = 0; i < 500; i++) {
        double m = margins[i];
        double s = 1 / (1 + Math.exp(-m));
        double c = Math.max(s, 1 - s);
        if ((c > 0.5 + 0.1 * b || b == 0) && c <= 0.5 + 0.1 * (b + 1)) {
          confidences.add(c);
          hits += m > 0 ? probabilities[i] : m == 0 ? 0.5 : 1 - probabilities[i];
        }
      }
      int n = confidences.size();
      double mean = confidences.stream().mapToDouble(c -> c).average().orElse(0);
      expected += n == 0 ? 0 : (double) n / 500 * Math.abs(hits / n - mean);
    }
    ReliabilityTable actual = evaluate(rewards, new int[1000], probabilities, bins).reliability();
    assertThat(actual.expectedError()).isCloseTo(expected, within(1e-12));
    assertThat(actual.bins().stream().mapToLong(ReliabilityTable.Bin::n).sum()).isEqualTo(500);
    assertThat(actual.bins().get(0).low()).isEqualTo(0.5);
    assertThat(actual.bins().get(4).high()).isEqualTo(1);
    // Confident and always right, or always wrong.
    for (double p : new double[] {0, 1}) {
      assertThat(
              evaluate(new double[] {40, 0, 40, 0}, new int[4], new double[] {p, p}, 10)
                  .reliability()
                  .expectedError())
          .isCloseTo(1 - p, within(1e-12));
    }
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

  /** Rewards that double with every character rise with the length, and not evenly. */
  @Test
  void ranksAndValuesAreCorrelatedApart() {
    double[] rewards = new double[12];
    int[] lengths = new int[12];
    for (int i = 0; i < 12; i++) {
      rewards[i] = Math.pow(2, i);
      lengths[i] = i + 1;
    }
    RewardEvaluation e = evaluate(rewards, lengths, new double[] {1, 1, 1, 1, 1, 0}, 10);
    assertThat(e.lengthSpearman().value()).isCloseTo(1, within(1e-12));
    assertThat(e.lengthPearson().value()).isBetween(0.6, 0.8);
  }
}
