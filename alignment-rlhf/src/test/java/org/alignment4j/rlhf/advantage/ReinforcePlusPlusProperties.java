package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.rlhf.advantage.ReinforcePlusPlusEstimator.Gaps;

class ReinforcePlusPlusProperties {

  private static AdvantageInput input(CompletionMask mask, TokenValues rewards) {
    return AdvantageInput.of(
            SequenceRewards.of(0, new double[mask.sequences()]),
            Groups.consecutive(mask.sequences(), 1),
            mask)
        .withTokenRewards(rewards);
  }

  private static double[] whitened(double... values) {
    double mean = RandomRollouts.mean(values);
    double root = Math.sqrt(Math.pow(RandomRollouts.deviation(values), 2) + 1e-8);
    return Arrays.stream(values).map(v -> (v - mean) / root).toArray();
  }

  @Property(tries = 40)
  void whitensReturnsOverEveryToken(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double gamma) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = {4, 1, 6};
    TokenValues rewards = random.values(lengths);
    double[] expected = new double[11];
    int at = 0;
    for (int s = 0; s < 3; s++) {
      for (int t = 0; t < lengths[s]; t++) {
        for (int l = t; l < lengths[s]; l++) {
          expected[at] += Math.pow(gamma, l - t) * rewards.get(s, l);
        }
        at++;
      }
    }
    double[] found =
        new ReinforcePlusPlusEstimator(gamma, Variance.BESSEL, Gaps.RESET)
            .estimate(input(CompletionMask.ofLengths(lengths), rewards))
            .advantages()
            .flat();
    assertThat(found).containsExactly(whitened(expected), within(1e-9));
    assertThat(RandomRollouts.mean(found)).isCloseTo(0, within(1e-12));
    assertThat(RandomRollouts.deviation(found)).isCloseTo(1, within(1e-6));
  }

  @Property(tries = 40)
  void affineScoresChangeNothing(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0.5, max = 20) double factor,
      @ForAll @DoubleRange(min = -20, max = 20) double shift) {
    RandomRollouts random = new RandomRollouts(seed);
    CompletionMask mask = CompletionMask.ofLengths(4, 2, 6);
    double[] scores = random.vector(3);
    double[] mapped = Arrays.stream(scores).map(r -> factor * r + shift).toArray();
    TokenValues none = TokenValues.broadcast(new double[3], mask);
    TokenRewards rewards = TokenRewards.standard();
    ReinforcePlusPlusEstimator estimator = AdvantageEstimator.reinforcePlusPlus();
    double[] plain =
        estimator
            .estimate(input(mask, rewards.assemble(0, none, scores, mask)))
            .advantages()
            .flat();
    double[] after =
        estimator
            .estimate(input(mask, rewards.assemble(0, none, mapped, mask)))
            .advantages()
            .flat();
    if (RandomRollouts.deviation(scores) > 0.1) {
      assertThat(after).containsExactly(plain, within(1e-5));
    }
  }

  @Example
  void gapsEndTheReturnOrAreCarriedOver() {
    CompletionMask mask = CompletionMask.of(new boolean[][] {{true, false, true}, {true}});
    TokenValues rewards = TokenValues.of(new double[][] {{1, 100, 4}, {2}});
    double[] reset =
        new ReinforcePlusPlusEstimator(1, Variance.BESSEL, Gaps.RESET)
            .estimate(input(mask, rewards))
            .advantages()
            .flat(mask);
    assertThat(reset).containsExactly(whitened(1, 4, 2), within(1e-12));
    double[] carried =
        new ReinforcePlusPlusEstimator(1, Variance.BESSEL, Gaps.CARRY)
            .estimate(input(mask, rewards))
            .advantages()
            .flat(mask);
    assertThat(carried).containsExactly(whitened(5, 4, 2), within(1e-12));
  }

  @Example
  void aScoreBehindTheEndReachesEveryToken() {
    CompletionMask mask = CompletionMask.ofLengths(2, 1);
    TokenValues rewards = TokenValues.of(new double[][] {{0, 0, 3}, {1}});
    double[] found =
        AdvantageEstimator.reinforcePlusPlus().estimate(input(mask, rewards)).advantages().flat();
    assertThat(found).containsExactly(whitened(3, 3, 1), within(1e-12));
  }

  @Property(tries = 40)
  void baselineFormSubtractsTheGroupMeanFirst(@ForAll long seed) {
    double[] rewards = new RandomRollouts(seed).vector(4);
    int[] lengths = {2, 1, 3, 2};
    double[] expected = new double[8];
    int at = 0;
    for (int s = 0; s < 4; s++) {
      double mean = (rewards[s / 2 * 2] + rewards[s / 2 * 2 + 1]) / 2;
      for (int t = 0; t < lengths[s]; t++) {
        expected[at++] = rewards[s] - mean;
      }
    }
    double[] found =
        new ReinforcePlusPlusBaselineEstimator(Variance.BESSEL)
            .estimate(
                AdvantageInput.of(
                    SequenceRewards.of(0, rewards),
                    Groups.consecutive(2, 2),
                    CompletionMask.ofLengths(lengths)))
            .advantages()
            .flat();
    assertThat(found).containsExactly(whitened(expected), within(1e-9));
  }

  @Example
  void oneScoredTokenGivesZeroAndNoTokenRewardsAreRefused() {
    CompletionMask mask = CompletionMask.ofLengths(1);
    AdvantageInput one = input(mask, TokenValues.of(new double[][] {{5}}));
    assertThat(AdvantageEstimator.reinforcePlusPlus().estimate(one).advantages().flat())
        .containsExactly(0);
    assertThatThrownBy(
            () ->
                AdvantageEstimator.reinforcePlusPlus()
                    .estimate(
                        AdvantageInput.of(
                            SequenceRewards.of(0, 1), Groups.consecutive(1, 1), mask)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("REINFORCE++ needs tokenRewards but there are none");
  }
}
