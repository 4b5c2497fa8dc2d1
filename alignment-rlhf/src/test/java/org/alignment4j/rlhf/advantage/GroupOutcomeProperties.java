package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Group policy gradient, pass@k and the best of a group, against naive computations. */
class GroupOutcomeProperties {

  private static double[] estimate(AdvantageEstimator estimator, Groups groups, double... rewards) {
    return estimate(estimator, groups, SequenceRewards.of(0, rewards));
  }

  private static double[] estimate(
      AdvantageEstimator estimator, Groups groups, SequenceRewards rewards) {
    CompletionMask mask =
        CompletionMask.ofLengths(
            IntStream.range(0, rewards.sequences()).map(s -> 1 + s % 3).toArray());
    Advantages found = estimator.estimate(AdvantageInput.of(rewards, groups, mask));
    double[] bySequence = new double[rewards.sequences()];
    for (int s = 0; s < bySequence.length; s++) {
      bySequence[s] = found.advantages().get(s, 0);
      assertThat(found.advantages().row(s)).containsOnly(bySequence[s]);
    }
    return bySequence;
  }

  private static double[] estimate(AdvantageEstimator estimator, double... rewards) {
    return estimate(estimator, Groups.consecutive(1, rewards.length), rewards);
  }

  /** Groups of random sizes from 2, lying apart. */
  private static Groups groups(SplittableRandom random, int count) {
    int[] sizes = IntStream.range(0, count).map(g -> 2 + random.nextInt(4)).toArray();
    int[] left = sizes.clone();
    int[] groupOf = new int[IntStream.of(sizes).sum()];
    for (int s = 0; s < groupOf.length; s++) {
      int g = random.nextInt(count);
      while (left[g] == 0) {
        g = (g + 1) % count;
      }
      left[g]--;
      groupOf[s] = g;
    }
    return Groups.ofIndices(groupOf);
  }

  @Property(tries = 100)
  void gpgIsTheDistanceFromTheMeanScaledByTheShareOfGroupsThatTell(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int count,
      @ForAll @IntRange(min = 0, max = 6) int equal,
      @ForAll @DoubleRange(min = 0.1, max = 10) double norm) {
    SplittableRandom random = new SplittableRandom(seed);
    Groups groups = groups(random, count);
    double[] rewards = new RandomRollouts(seed).vector(groups.sequences());
    int same = Math.min(equal, count);
    for (int g = 0; g < same; g++) {
      for (int s : groups.members(g)) {
        rewards[s] = g == 0 ? 0 : 0.1 * g;
      }
    }
    double[] expected = new double[rewards.length];
    for (int s = 0; s < expected.length; s++) {
      int[] members = groups.members(groups.of(s));
      double mean = IntStream.of(members).mapToDouble(m -> rewards[m]).average().orElseThrow();
      if (groups.of(s) >= same) {
        expected[s] = (double) count / (count - same) * (rewards[s] - mean) / norm;
      }
    }
    double[] found = estimate(new GroupPolicyGradientEstimator(norm), groups, rewards);
    assertThat(found).containsExactly(expected, within(1e-12));
    for (int g = 0; g < count; g++) {
      double sum = IntStream.of(groups.members(g)).mapToDouble(s -> found[s]).sum();
      assertThat(sum).isCloseTo(0, within(1e-10));
    }
  }

  /** What the mean over the step loses by groups without a gradient, the factor gives back. */
  @Property(tries = 60)
  void gpgKeepsTheMeanOverTheGroupsThatTell(@ForAll long seed) {
    double[] four = new RandomRollouts(seed).vector(4);
    double[] alone = estimate(new GroupPolicyGradientEstimator(1), four);
    double[] diluted = Arrays.copyOf(four, 12);
    Arrays.fill(diluted, 4, 8, 1);
    double[] among =
        estimate(new GroupPolicyGradientEstimator(1), Groups.consecutive(3, 4), diluted);
    for (int s = 0; s < 4; s++) {
      assertThat(among[s] / 12).isCloseTo(alone[s] / 4, within(1e-12));
    }
  }

  @Test
  void gpgCountsGroupsThatHaveRewardsOnly() {
    SequenceRewards rewards =
        SequenceRewards.of(
            0,
            List.of(
                new RewardComponent(
                    "r", 1, Arrays.asList(1.0, 0.0, null, null, 3.0, null, 2., 2.))));
    assertThat(estimate(new GroupPolicyGradientEstimator(1), Groups.consecutive(4, 2), rewards))
        .containsExactly(1.5, -1.5, 0, 0, 0, 0, 0, 0);
  }

  /** The mean over all subsets of k that hold a completion, standardised over all subsets. */
  private static double[] overSubsets(double[] rewards, int k) {
    int n = rewards.length;
    double[] sums = new double[n];
    double[] counts = new double[n];
    double sum = 0;
    double count = 0;
    for (int subset = 0; subset < 1 << n; subset++) {
      if (Integer.bitCount(subset) == k) {
        double best = 0;
        for (int i = 0; i < n; i++) {
          best = (subset >> i & 1) == 1 ? Math.max(best, rewards[i]) : best;
        }
        for (int i = 0; i < n; i++) {
          sums[i] += (subset >> i & 1) * best;
          counts[i] += subset >> i & 1;
        }
        sum += best;
        count++;
      }
    }
    double mean = sum / count;
    double deviation = Math.sqrt(mean * (1 - mean));
    double[] expected = new double[n];
    for (int i = 0; i < n; i++) {
      expected[i] = deviation == 0 ? 0 : (sums[i] / counts[i] - mean) / deviation;
    }
    return expected;
  }

  private static double[] binary(long seed, int n, double share) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, n).mapToDouble(i -> random.nextDouble() < share ? 1 : 0).toArray();
  }

  @Property(tries = 200)
  void passAtKIsTheMeanOverSubsets(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 9) int n,
      @ForAll @DoubleRange(min = 0, max = 1) double share) {
    double[] rewards = binary(seed, n, share);
    for (int k = 1; k <= n; k++) {
      double[] found = estimate(new PassAtKEstimator(k), rewards);
      assertThat(found).as("k " + k).containsExactly(overSubsets(rewards, k), within(1e-12));
      assertThat(DoubleStream.of(found).sum()).isCloseTo(0, within(1e-11));
      for (int s = 0; s < n; s++) {
        assertThat((rewards[s] == 1 ? found[s] : -found[s]) + 0.0).isNotNegative();
      }
    }
  }

  @Property(tries = 60)
  void passAtOneStandardisesByTheBiasedDeviation(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int n) {
    double[] rewards = binary(seed, n, 0.4);
    double p = DoubleStream.of(rewards).average().orElseThrow();
    double[] expected =
        DoubleStream.of(rewards)
            .map(r -> p * (1 - p) == 0 ? 0 : (r - p) / Math.sqrt(p * (1 - p)))
            .toArray();
    assertThat(estimate(new PassAtKEstimator(1), rewards)).containsExactly(expected, within(1e-12));
  }

  /** Each group by itself, whatever lies between its members. */
  @Property(tries = 60)
  void passAtKKeepsGroupsApart(@ForAll long seed) {
    Groups groups = groups(new SplittableRandom(seed), 4);
    double[] rewards = binary(seed, groups.sequences(), 0.4);
    double[] found = estimate(new PassAtKEstimator(2), groups, rewards);
    for (int g = 0; g < 4; g++) {
      int[] members = groups.members(g);
      double[] own = IntStream.of(members).mapToDouble(s -> rewards[s]).toArray();
      double[] among = IntStream.of(members).mapToDouble(s -> found[s]).toArray();
      assertThat(among).containsExactly(overSubsets(own, 2), within(1e-12));
    }
  }

  @Test
  void passAtKOfLargeGroupsIsFinite() {
    double[] rewards = new double[2000];
    Arrays.fill(rewards, 0, 3, 1);
    double[] found = estimate(new PassAtKEstimator(500), rewards);
    // C(1997, 500)/C(2000, 500), written out.
    double failed = 1500.0 * 1499 * 1498 / (2000.0 * 1999 * 1998);
    assertThat(found[0]).isCloseTo(Math.sqrt(failed / (1 - failed)), within(1e-9));
    assertThat(found[1999]).isCloseTo(-3 * found[0] / 1997, within(1e-9));
  }

  @Test
  void passAtKTakesBinaryRewardsAndEnoughOfThem() {
    assertThatThrownBy(() -> estimate(new PassAtKEstimator(2), 1, 0, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "pass@2 takes rewards of 0 or 1 but sequence 2 has 0.5; give one reward of weight 1 that"
                + " says whether the answer is right, and put penalties in the loss");
    assertThatThrownBy(() -> estimate(new PassAtKEstimator(3), 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a pass@3 advantage needs groups of at least 3 completions but group 0 has 2; sample"
                + " more per prompt");
    assertThatThrownBy(() -> estimate(new PassAtKEstimator(1), 1))
        .hasMessageContaining("at least 2 completions but group 0 has 1");
    assertThatThrownBy(() -> new PassAtKEstimator(0)).hasMessage("k must be at least 1 but was 0");
    SequenceRewards rewards =
        SequenceRewards.of(
            0, List.of(new RewardComponent("r", 1, Arrays.asList(1.0, 0.0, null, null))));
    assertThat(estimate(new PassAtKEstimator(3), Groups.consecutive(1, 4), rewards))
        .as("two rewards are left of which no three can be drawn")
        .containsOnly(0);
    assertThat(estimate(new PassAtKEstimator(1), Groups.consecutive(1, 4), rewards))
        .containsExactly(1, -1, 0, 0);
  }

  @Property(tries = 100)
  void theBestGetsWhatItIsBetterThanTheSecond(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int digits) {
    double epsilon = Math.pow(10, -digits);
    Groups groups = groups(new SplittableRandom(seed), 4);
    double[] rewards = new RandomRollouts(seed).vector(groups.sequences());
    double[] expected = new double[rewards.length];
    for (int g = 0; g < 4; g++) {
      int[] members = groups.members(g);
      double[] own = IntStream.of(members).mapToDouble(s -> rewards[s]).toArray();
      double[] sorted = DoubleStream.of(own).sorted().toArray();
      for (int s : members) {
        if (rewards[s] == sorted[sorted.length - 1]) {
          expected[s] =
              (rewards[s] - sorted[sorted.length - 2]) / (RandomRollouts.deviation(own) + epsilon);
        }
      }
    }
    assertThat(estimate(new BestOfGroupEstimator(epsilon), groups, rewards))
        .containsExactly(expected, within(1e-12));
  }

  @Test
  void twoBestGetNothingAndNegativeRewardsAreNoBarrier() {
    assertThat(estimate(new BestOfGroupEstimator(1e-6), 3, 1, 3)).containsOnly(0);
    double deviation = RandomRollouts.deviation(-1, -4, -2);
    assertThat(estimate(new BestOfGroupEstimator(1e-6), -4, -1, -2))
        .containsExactly(new double[] {0, 1 / (deviation + 1e-6), 0}, within(1e-12));
    SequenceRewards one =
        SequenceRewards.of(0, List.of(new RewardComponent("r", 1, Arrays.asList(2.0, null))));
    assertThat(estimate(new BestOfGroupEstimator(1e-6), Groups.consecutive(1, 2), one))
        .containsOnly(0);
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new GroupPolicyGradientEstimator(0))
        .hasMessage("norm must be positive and finite but was 0.0");
    assertThatThrownBy(() -> new BestOfGroupEstimator(Double.NaN))
        .hasMessage("epsilon must be positive and finite but was NaN");
  }
}
