package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Running whitening against the moments of everything seen, computed at once. */
class WhitenedRewardTest {

  private static final CancellationToken NONE = CancellationToken.none();

  /** Texts are rewards; "-" has none. */
  private static final RewardFunction NUMBER =
      RewardFunction.of(
          "n",
          (answers, cancellation) ->
              answers.stream()
                  .map(
                      a ->
                          a.completion().equals("-")
                              ? OptionalDouble.empty()
                              : OptionalDouble.of(Double.parseDouble(a.completion())))
                  .toList());

  private static List<Rollout> rollouts(double... rewards) {
    return Arrays.stream(rewards)
        .mapToObj(r -> RewardPartsTest.rollout(Double.toString(r), 1))
        .toList();
  }

  private static double[] values(WhitenedReward reward, double... rewards) {
    return reward.score(rollouts(rewards), NONE).stream()
        .mapToDouble(OptionalDouble::getAsDouble)
        .toArray();
  }

  @Test
  void everyStepIsOnTheScaleOfAllSoFar() {
    WhitenedReward whitened = WhitenedReward.of(NUMBER);
    WhitenedReward scaled = WhitenedReward.scaled(NUMBER);
    Random random = new Random(1);
    List<Double> all = new ArrayList<>();
    for (int step = 0; step < 20; step++) {
      double[] rewards = random.doubles(5, step - 3, step + 30).toArray();
      Arrays.stream(rewards).forEach(all::add);
      double mean = all.stream().mapToDouble(d -> d).average().orElseThrow();
      double squares = all.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
      double deviation = Math.sqrt(squares / (all.size() - 1) + 1e-8);
      double[] one = values(whitened, rewards);
      double[] other = values(scaled, rewards);
      for (int i = 0; i < rewards.length; i++) {
        assertThat(one[i]).isCloseTo((rewards[i] - mean) / deviation, within(1e-9));
        assertThat(other[i]).isCloseTo(rewards[i] / deviation, within(1e-9));
      }
    }
    assertThat(whitened.moments().count()).isEqualTo(100);
    assertThat(whitened.name()).isEqualTo("n");
  }

  @Test
  void theRawRewardIsAPartAndAMissingOneCountsNowhere() {
    WhitenedReward whitened = WhitenedReward.of(NUMBER);
    RewardScores scores =
        whitened.scores(
            List.of(
                RewardPartsTest.rollout("1", 1),
                RewardPartsTest.rollout("-", 1),
                RewardPartsTest.rollout("5", 1)),
            NONE);
    assertThat(scores.values().get(1)).isEmpty();
    assertThat(scores.values().get(0).getAsDouble()).isCloseTo(-2 / Math.sqrt(8), within(1e-8));
    assertThat(scores.parts().get("raw"))
        .containsExactly(OptionalDouble.of(1), OptionalDouble.empty(), OptionalDouble.of(5));
    assertThat(whitened.moments().count()).isEqualTo(2);
  }

  /** Each of three whitened rewards over one another is seen, from the outermost inwards. */
  @Test
  void rawRewardsOfWhitenedOnesAreAllKept() {
    double[][] inwards = new double[3][];
    RewardFunction function = NUMBER;
    for (int k = 2; k >= 0; k--) {
      inwards[k] =
          function.score(rollouts(1, 5), NONE).stream()
              .mapToDouble(OptionalDouble::getAsDouble)
              .toArray();
      function.restore(Map.of());
      function = k == 1 ? WhitenedReward.of(function) : WhitenedReward.scaled(function);
    }
    Map<String, List<OptionalDouble>> parts = function.scores(rollouts(1, 5), NONE).parts();
    assertThat(parts).containsOnlyKeys("raw", "raw/raw", "raw/raw/raw");
    for (int k = 0; k < 3; k++) {
      assertThat(parts.get("raw" + "/raw".repeat(k)).stream().mapToDouble(o -> o.orElseThrow()))
          .containsExactly(inwards[k][0], inwards[k][1]);
    }
    assertThat(inwards[0]).isNotEqualTo(inwards[1]);
    assertThat(inwards[1]).isNotEqualTo(inwards[2]);
  }

  @Test
  void theFirstRewardAndAnEmptyStepPass() {
    for (WhitenedReward reward :
        List.of(WhitenedReward.of(NUMBER), WhitenedReward.scaled(NUMBER))) {
      assertThat(values(reward)).isEmpty();
      assertThat(values(reward, 7)).containsExactly(7);
    }
  }

  @Test
  void aRewardThatIsNotFiniteIsLeftToWhoNamesIt() {
    WhitenedReward whitened = WhitenedReward.of(NUMBER);
    values(whitened, 1, 2, 3);
    Map<String, List<Double>> before = whitened.state();
    assertThat(values(whitened, 4, Double.NaN)).containsExactly(4, Double.NaN);
    assertThat(whitened.state()).isEqualTo(before);
    assertThatThrownBy(
            () ->
                PolicyRewards.none()
                    .and(new WeightedReward(whitened, 1))
                    .score(3, rollouts(4, Double.NaN), NONE))
        .hasMessageContaining(
            "reward 'n' of sample 0 of prompt 0 at step 3 must be finite but was NaN");
  }

  /** Sampled answers have rewards 1, 2, 6; one that they are compared with has 4. */
  @Test
  void whatOthersAreComparedWithIsOnTheirScale() {
    for (WhitenedReward reward :
        List.of(WhitenedReward.of(NUMBER), WhitenedReward.of(WhitenedReward.scaled(NUMBER)))) {
      double[] sampled = values(reward, 1, 2, 6);
      Map<String, List<Double>> before = reward.state();
      double greedy = reward.baselineScores(rollouts(4), NONE).values().get(0).getAsDouble();
      assertThat(greedy).isCloseTo((sampled[1] + sampled[2]) / 2, within(1e-12));
      assertThat(reward.state()).isEqualTo(before);
    }
  }

  @Test
  void greedyAnswersOfATrainingAreNotRemembered() {
    WhitenedReward whitened = WhitenedReward.of(SmallPolicies.first());
    try (DecoderModel base = SmallPolicies.model();
        PolicyTraining training =
            SmallPolicies.trainer(base, PolicyVariants.reMax(), whitened)
                .begin(SmallPolicies.prompts(3))) {
      training.step();
      assertThat(whitened.moments().count()).isEqualTo(3);
    }
  }

  @Test
  void aRestoredStateContinuesToTheLastBit() {
    double[] first = new Random(1).doubles(9).toArray();
    double[] second = new Random(2).doubles(9).toArray();
    WhitenedReward whole = WhitenedReward.of(NUMBER);
    values(whole, first);
    Map<String, List<Double>> saved = whole.state();
    double[] expected = values(whole, second);
    WhitenedReward resumed = WhitenedReward.of(NUMBER);
    resumed.restore(saved);
    assertThat(values(resumed, second)).containsExactly(expected);
    assertThat(resumed.state()).isEqualTo(whole.state());
    assertThatThrownBy(() -> resumed.restore(Map.of("count", List.of(1.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state must have 'mean'");
    assertThat(resumed.state()).isEqualTo(whole.state());
  }

  @Test
  void descriptionsNameFormsAndNothingThatIsNotSet() {
    RewardFunction plain = RewardFunction.each("plain", r -> 0);
    PolicyRewards rewards =
        PolicyRewards.none()
            .and(new WeightedReward(WhitenedReward.of(WhitenedReward.scaled(NUMBER)), 1))
            .and(new WeightedReward(plain, 2));
    assertThat(rewards.describe()).isEqualTo("shifted(scaled(n)) x 1.0, plain x 2.0");
  }

  @Test
  void theStateOfTheFunctionIsKeptToo() {
    WhitenedReward inner = WhitenedReward.scaled(NUMBER);
    WhitenedReward outer = WhitenedReward.of(inner);
    values(outer, 1, 2, 5);
    WhitenedReward innerAgain = WhitenedReward.scaled(NUMBER);
    WhitenedReward outerAgain = WhitenedReward.of(innerAgain);
    outerAgain.restore(outer.state());
    assertThat(outerAgain.moments()).isEqualTo(outer.moments());
    assertThat(innerAgain.moments()).isEqualTo(inner.moments());
    assertThat(values(outerAgain, 3, 9)).containsExactly(values(outer, 3, 9));
    outerAgain.restore(Map.of());
    assertThat(outerAgain.moments().count()).isZero();
    assertThat(innerAgain.moments().count()).isZero();
  }

  @Test
  void allRewardsOfATrainingAreRestoredTogether() {
    WhitenedReward first = WhitenedReward.of(NUMBER);
    WhitenedReward second =
        WhitenedReward.of(RewardFunction.each("twice", r -> 2 * Double.parseDouble(r.text())));
    PolicyRewards rewards = of(first, second);
    rewards.score(1, rollouts(1, 2, 5), NONE);
    Map<String, List<Double>> saved = rewards.memory().state();
    WhitenedReward firstAgain = WhitenedReward.of(NUMBER);
    WhitenedReward secondAgain = WhitenedReward.of(RewardFunction.each("twice", r -> 0));
    of(firstAgain, secondAgain).memory().restore(saved);
    assertThat(firstAgain.moments()).isEqualTo(first.moments());
    assertThat(secondAgain.moments()).isEqualTo(second.moments());
    assertThat(secondAgain.moments().mean()).isEqualTo(2 * first.moments().mean());
    of(firstAgain, secondAgain).memory().restore(Map.of());
    assertThat(firstAgain.moments().count()).isZero();
    assertThat(secondAgain.moments().count()).isZero();
    assertThat(PolicyRewards.none().memory().state()).isEmpty();
  }

  private static PolicyRewards of(WhitenedReward first, WhitenedReward second) {
    RewardFunction plain = RewardFunction.each("plain", r -> 0);
    return PolicyRewards.none()
        .and(new WeightedReward(first, 1))
        .and(new WeightedReward(plain, 1))
        .and(new WeightedReward(second, 1));
  }

  @Test
  void noRewardIsLostBetweenThreads() throws Exception {
    WhitenedReward whitened = WhitenedReward.of(NUMBER);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<double[]>> tasks =
          IntStream.range(0, 200)
              .<Callable<double[]>>mapToObj(i -> () -> values(whitened, i, i + 1))
              .toList();
      for (Future<double[]> result : pool.invokeAll(tasks)) {
        result.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(whitened.moments().count()).isEqualTo(400);
    assertThat(whitened.moments().mean()).isCloseTo(100, within(1e-9));
  }
}
