package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** Identities of generalised advantage estimation, and its definition as a double sum. */
class GaeProperties {

  private static final int SEQUENCES = 4;

  private static AdvantageInput input(
      CompletionMask mask, TokenValues rewards, TokenValues values) {
    return AdvantageInput.of(
            SequenceRewards.of(0, new double[mask.sequences()]),
            Groups.consecutive(mask.sequences(), 1),
            mask)
        .withTokenRewards(rewards)
        .withValues(values);
  }

  private static GaeEstimator plain(double gamma, double lambda) {
    return new GaeEstimator(gamma, lambda, Whitening.NONE, Whitening.NONE, Variance.BESSEL);
  }

  @Property(tries = 60)
  void isTheDiscountedSumOfErrors(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double gamma,
      @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(SEQUENCES, 9);
    TokenValues rewards = random.values(lengths);
    TokenValues values = random.values(lengths);
    double[] ends = random.vector(SEQUENCES);
    Advantages found =
        plain(gamma, lambda)
            .estimate(
                input(CompletionMask.ofLengths(lengths), rewards, values).withBootstrap(ends));
    for (int s = 0; s < SEQUENCES; s++) {
      for (int t = 0; t < lengths[s]; t++) {
        double sum = 0;
        for (int l = t; l < lengths[s]; l++) {
          double next = l + 1 < lengths[s] ? values.get(s, l + 1) : ends[s];
          double error = rewards.get(s, l) + gamma * next - values.get(s, l);
          sum += Math.pow(gamma * lambda, l - t) * error;
        }
        assertThat(found.advantages().get(s, t)).isCloseTo(sum, within(1e-12));
        assertThat(found.returns().orElseThrow().get(s, t))
            .isCloseTo(sum + values.get(s, t), within(1e-12));
      }
    }
  }

  @Property(tries = 40)
  void lambdaOneIsReturnLessValueAndLambdaZeroTheOneStepError(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double gamma) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(SEQUENCES, 9);
    CompletionMask mask = CompletionMask.ofLengths(lengths);
    TokenValues rewards = random.values(lengths);
    TokenValues values = random.values(lengths);
    TokenValues far = plain(gamma, 1).estimate(input(mask, rewards, values)).advantages();
    TokenValues near = plain(gamma, 0).estimate(input(mask, rewards, values)).advantages();
    for (int s = 0; s < SEQUENCES; s++) {
      for (int t = 0; t < lengths[s]; t++) {
        double discounted = 0;
        for (int l = t; l < lengths[s]; l++) {
          discounted += Math.pow(gamma, l - t) * rewards.get(s, l);
        }
        double next = t + 1 < lengths[s] ? values.get(s, t + 1) : 0;
        assertThat(far.get(s, t)).isCloseTo(discounted - values.get(s, t), within(1e-12));
        assertThat(near.get(s, t))
            .isCloseTo(rewards.get(s, t) + gamma * next - values.get(s, t), within(1e-12));
      }
    }
  }

  @Property(tries = 40)
  void valuesThatEqualTheReturnsLeaveNothing(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double gamma,
      @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(SEQUENCES, 9);
    CompletionMask mask = CompletionMask.ofLengths(lengths);
    TokenValues rewards = random.values(lengths);
    double[][] returns = new double[SEQUENCES][];
    for (int s = 0; s < SEQUENCES; s++) {
      returns[s] = new double[lengths[s]];
      double next = 0;
      for (int t = lengths[s] - 1; t >= 0; t--) {
        next = rewards.get(s, t) + gamma * next;
        returns[s][t] = next;
      }
    }
    double[] advantages =
        plain(gamma, lambda)
            .estimate(input(mask, rewards, TokenValues.of(returns)))
            .advantages()
            .flat();
    assertThat(advantages).containsExactly(new double[advantages.length], within(1e-12));
  }

  @Property(tries = 40)
  void tokensThatAreNotScoredMakeNoDifference(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(SEQUENCES, 12);
    CompletionMask mask = random.gapped(lengths);
    TokenValues rewards = random.values(lengths);
    TokenValues values = random.values(lengths);
    Advantages gapped = AdvantageEstimator.gae().estimate(input(mask, rewards, values));
    int[] scored = new int[SEQUENCES];
    for (int s = 0; s < SEQUENCES; s++) {
      scored[s] = mask.count(s);
    }
    Advantages dense =
        AdvantageEstimator.gae()
            .estimate(
                input(
                    CompletionMask.ofLengths(scored),
                    TokenValues.ofFlat(rewards.flat(mask), scored),
                    TokenValues.ofFlat(values.flat(mask), scored)));
    assertThat(gapped.advantages().flat(mask)).isEqualTo(dense.advantages().flat());
    assertThat(gapped.returns().orElseThrow().flat(mask))
        .isEqualTo(dense.returns().orElseThrow().flat());
    TokenValues filler = random.values(lengths);
    TokenValues noisy =
        TokenValues.broadcast(new double[] {1, 1, 1, 1}, mask)
            .combine(values, (one, v) -> one == 1 ? v : Double.NaN)
            .combine(filler, (v, f) -> Double.isNaN(v) ? 1e6 * f : v);
    assertThat(AdvantageEstimator.gae().estimate(input(mask, rewards, noisy))).isEqualTo(gapped);
  }

  @Property(tries = 40)
  void isLinearInRewardsWithoutValues(
      @ForAll long seed, @ForAll @DoubleRange(min = -4, max = 4) double factor) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = random.lengths(SEQUENCES, 9);
    CompletionMask mask = CompletionMask.ofLengths(lengths);
    TokenValues a = random.values(lengths);
    TokenValues b = random.values(lengths);
    TokenValues none = a.map(x -> 0);
    GaeEstimator gae = plain(0.9, 0.8);
    double[] sum =
        gae.estimate(input(mask, a.combine(b, (x, y) -> x + factor * y), none)).advantages().flat();
    double[] ofA = gae.estimate(input(mask, a, none)).advantages().flat();
    double[] ofB = gae.estimate(input(mask, b, none)).advantages().flat();
    for (int i = 0; i < sum.length; i++) {
      assertThat(sum[i]).isCloseTo(ofA[i] + factor * ofB[i], within(1e-11));
    }
  }

  @Property(tries = 40)
  void whiteningComesAfterReturnsAndOverAllScoredTokens(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    int[] lengths = {5, 3, 7, 2};
    CompletionMask mask = random.gapped(lengths);
    AdvantageInput input = input(mask, random.values(lengths), random.values(lengths));
    Advantages raw = plain(1, 0.95).estimate(input);
    Advantages white = AdvantageEstimator.gae().estimate(input);
    assertThat(white.returns()).isEqualTo(raw.returns());
    double[] scored = white.advantages().flat(mask);
    assertThat(RandomRollouts.mean(scored)).isCloseTo(0, within(1e-12));
    assertThat(RandomRollouts.deviation(scored)).isCloseTo(1, within(1e-6));
    double sum = 0;
    for (double value : white.advantages().flat()) {
      sum += Math.abs(value);
    }
    double inside = 0;
    for (double value : scored) {
      inside += Math.abs(value);
    }
    assertThat(sum).isEqualTo(inside);
  }

  @Example
  void rewardWhiteningKeepsTheMean() {
    CompletionMask mask = CompletionMask.ofLengths(2, 1);
    TokenValues rewards = TokenValues.of(new double[][] {{1, 3}, {5}});
    GaeEstimator gae = new GaeEstimator(0, 0, Whitening.NONE, Whitening.KEEP_MEAN, Variance.BIASED);
    double[] found = gae.estimate(input(mask, rewards, rewards.map(x -> 0))).advantages().flat();
    double scale = 1 / Math.sqrt(8.0 / 3 + 1e-8);
    assertThat(found)
        .containsExactly(new double[] {3 - 2 * scale, 3, 3 + 2 * scale}, within(1e-12));
  }

  @Example
  void oneTokenOrNoneIsWhitenedToZero() {
    CompletionMask one = CompletionMask.ofLengths(1, 0);
    TokenValues value = TokenValues.of(new double[][] {{3}, {}});
    assertThat(AdvantageEstimator.gae().estimate(input(one, value, value)).advantages().flat())
        .containsExactly(0);
  }

  @Example
  void equalAdvantagesAreWhitenedToExactlyZero() {
    CompletionMask mask = CompletionMask.ofLengths(1, 1, 1);
    TokenValues rewards = TokenValues.of(new double[][] {{0.1}, {0.1}, {0.1}});
    TokenValues none = rewards.map(x -> 0);
    assertThat(AdvantageEstimator.gae().estimate(input(mask, rewards, none)).advantages().flat())
        .containsOnly(0);
  }

  @Example
  void sequencesWithoutRewardFitNoValueEither() {
    CompletionMask mask = CompletionMask.ofLengths(2, 1);
    TokenValues steps = TokenValues.of(new double[][] {{1, 2, 3}, {4, 5}});
    SequenceRewards rewards =
        SequenceRewards.of(0, List.of(new RewardComponent("r", 1, Arrays.asList(2.0, null))));
    Advantages found =
        plain(1, 1)
            .estimate(
                AdvantageInput.of(rewards, Groups.consecutive(2, 1), mask)
                    .withTokenRewards(steps)
                    .withValues(steps));
    assertThat(found.valueMask())
        .isEqualTo(CompletionMask.of(new boolean[][] {{true, true, true}, {false, false}}));
    assertThat(found.returns().orElseThrow())
        .isEqualTo(TokenValues.of(new double[][] {{6, 5, 3}, {0, 0}}));
    assertThat(found.advantages().flat()).containsExactly(5, 3, 0);
  }

  @Example
  void refusals() {
    CompletionMask mask = CompletionMask.ofLengths(2);
    TokenValues two = TokenValues.of(new double[][] {{1, 2}});
    AdvantageInput bare =
        AdvantageInput.of(SequenceRewards.of(0, 1), Groups.consecutive(1, 1), mask);
    assertThatThrownBy(() -> AdvantageEstimator.gae().estimate(bare))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("GAE needs tokenRewards but there are none");
    assertThatThrownBy(() -> AdvantageEstimator.gae().estimate(bare.withTokenRewards(two)))
        .hasMessage("GAE needs values but there are none");
    assertThatThrownBy(() -> bare.withValues(two))
        .hasMessage("values needs tokenRewards but there are none");
    assertThatThrownBy(
            () -> bare.withTokenRewards(two).withValues(TokenValues.of(new double[][] {{1, 2, 3}})))
        .hasMessageContaining("of sequence 0 must be of as many tokens but are of 3 and 2");
    assertThatThrownBy(() -> bare.withTokenRewards(TokenValues.of(new double[][] {{1}})))
        .hasMessageContaining("must cover its 2 tokens but are 1");
    assertThatThrownBy(
            () ->
                plain(1, 1)
                    .estimate(
                        bare.withTokenRewards(two)
                            .withValues(TokenValues.of(new double[][] {{1, Double.NaN}}))))
        .hasMessageContaining("of sequence 0 must be finite but is NaN");
    assertThatThrownBy(() -> plain(1.1, 1)).hasMessage("gamma must be in [0, 1] but was 1.1");
  }
}
