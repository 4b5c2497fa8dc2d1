package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.alignment4j.rlhf.advantage.GroupRelativeEstimator.Scale;

/** Advantages of groups: invariants, and their formulas in plain Java. */
class GroupAdvantageProperties {

  /** Groups of 3, 2 and 4 whose members lie apart. */
  private static final Groups GROUPS = Groups.ofIndices(0, 1, 2, 0, 2, 1, 0, 2, 2);

  private static final int[] LENGTHS = {3, 1, 4, 2, 6, 5, 2, 1, 7};
  private static final CompletionMask MASK = CompletionMask.ofLengths(LENGTHS);

  /** The advantage of each sequence, which all of its tokens must have. */
  private static double[] estimate(AdvantageEstimator estimator, SequenceRewards rewards) {
    Advantages found = estimator.estimate(AdvantageInput.of(rewards, GROUPS, MASK));
    double[] bySequence = new double[LENGTHS.length];
    for (int s = 0; s < bySequence.length; s++) {
      double first = found.advantages().get(s, 0);
      assertThat(found.advantages().row(s)).containsOnly(first);
      bySequence[s] = first;
    }
    return bySequence;
  }

  private static double[] estimate(AdvantageEstimator estimator, double... rewards) {
    return estimate(estimator, SequenceRewards.of(0, rewards));
  }

  private static double[] members(double[] values, int group) {
    return IntStream.of(GROUPS.members(group)).mapToDouble(s -> values[s]).toArray();
  }

  private static double[] naive(double[] rewards, Scale scale, double epsilon) {
    double[] out = new double[rewards.length];
    for (int s = 0; s < out.length; s++) {
      double[] group = members(rewards, GROUPS.of(s));
      double divisor =
          switch (scale) {
            case GROUP -> RandomRollouts.deviation(group) + epsilon;
            case BATCH -> RandomRollouts.deviation(rewards) + epsilon;
            case NONE -> 1;
          };
      out[s] = (rewards[s] - RandomRollouts.mean(group)) / divisor;
    }
    return out;
  }

  @Property(tries = 60)
  void groupRelativeIsItsFormula(@ForAll long seed) {
    double[] rewards = new RandomRollouts(seed).vector(LENGTHS.length);
    for (Scale scale : Scale.values()) {
      for (double epsilon : new double[] {1e-4, 1e-6}) {
        assertThat(estimate(new GroupRelativeEstimator(scale, epsilon), rewards))
            .containsExactly(naive(rewards, scale, epsilon), within(1e-12));
      }
    }
  }

  @Property(tries = 60)
  void sumsOverEachGroupAreZero(@ForAll long seed) {
    double[] rewards = new RandomRollouts(seed).vector(LENGTHS.length);
    for (AdvantageEstimator estimator :
        List.of(
            AdvantageEstimator.grpo(),
            AdvantageEstimator.drGrpo(),
            new GroupRelativeEstimator(Scale.BATCH, 1e-4),
            AdvantageEstimator.rloo())) {
      double[] found = estimate(estimator, rewards);
      for (int g = 0; g < GROUPS.count(); g++) {
        double[] group = members(found, g);
        assertThat(RandomRollouts.mean(group) * group.length).isCloseTo(0, within(1e-11));
      }
    }
  }

  @Property(tries = 60)
  void shiftsOfAGroupChangeNothingAndScalesScale(
      @ForAll long seed,
      @ForAll @DoubleRange(min = -50, max = 50) double shift,
      @ForAll @DoubleRange(min = 0.5, max = 20) double factor) {
    double[] rewards = new RandomRollouts(seed).vector(LENGTHS.length);
    double[] shifted = rewards.clone();
    for (int s : GROUPS.members(1)) {
      shifted[s] += shift;
    }
    double[] scaled =
        IntStream.range(0, rewards.length).mapToDouble(s -> factor * rewards[s]).toArray();
    GroupRelativeEstimator sharp = new GroupRelativeEstimator(Scale.GROUP, 1e-14);
    assertThat(estimate(sharp, shifted)).containsExactly(estimate(sharp, rewards), within(1e-8));
    assertThat(estimate(sharp, scaled)).containsExactly(estimate(sharp, rewards), within(1e-8));
    for (AdvantageEstimator linear :
        List.of(AdvantageEstimator.drGrpo(), AdvantageEstimator.rloo())) {
      double[] plain = estimate(linear, rewards);
      assertThat(estimate(linear, shifted)).containsExactly(plain, within(1e-12));
      double[] expected =
          IntStream.range(0, plain.length).mapToDouble(s -> factor * plain[s]).toArray();
      assertThat(estimate(linear, scaled)).containsExactly(expected, within(1e-11));
    }
  }

  @Property(tries = 40)
  void leaveOneOutComparesWithTheOthers(@ForAll long seed) {
    double[] rewards = new RandomRollouts(seed).vector(LENGTHS.length);
    double[] expected = new double[rewards.length];
    for (int s = 0; s < expected.length; s++) {
      int self = s;
      double[] others =
          IntStream.of(GROUPS.members(GROUPS.of(s)))
              .filter(m -> m != self)
              .mapToDouble(m -> rewards[m])
              .toArray();
      expected[s] = rewards[s] - RandomRollouts.mean(others);
    }
    assertThat(estimate(AdvantageEstimator.rloo(), rewards))
        .containsExactly(expected, within(1e-12));
    double mean = RandomRollouts.mean(expected);
    double divisor = RandomRollouts.deviation(expected) + 1e-4;
    double[] normalised =
        IntStream.range(0, expected.length)
            .mapToDouble(s -> (expected[s] - mean) / divisor)
            .toArray();
    assertThat(estimate(new LeaveOneOutEstimator(true, 1e-4), rewards))
        .containsExactly(normalised, within(1e-12));
  }

  @Property(tries = 40)
  void decoupledStandardisesEachFunctionFirst(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    double[] a = random.vector(LENGTHS.length);
    double[] b = random.vector(LENGTHS.length);
    for (int s : GROUPS.members(2)) {
      b[s] = 7;
    }
    double[] sums = new double[a.length];
    for (int s = 0; s < sums.length; s++) {
      sums[s] = 1.5 * naive(a, Scale.GROUP, 1e-4)[s] - 0.5 * naive(b, Scale.GROUP, 1e-4)[s];
    }
    double mean = RandomRollouts.mean(sums);
    double divisor = RandomRollouts.deviation(sums) + 1e-4;
    double[] expected =
        IntStream.range(0, sums.length).mapToDouble(s -> (sums[s] - mean) / divisor).toArray();
    List<RewardComponent> components = new ArrayList<>();
    components.add(RewardComponent.of("a", 1.5, a));
    components.add(RewardComponent.of("b", -0.5, b));
    assertThat(estimate(new DecoupledGroupEstimator(1e-4), SequenceRewards.of(0, components)))
        .containsExactly(expected, within(1e-10));
    double[] wide = IntStream.range(0, b.length).mapToDouble(s -> 1024 * b[s]).toArray();
    DecoupledGroupEstimator sharp = new DecoupledGroupEstimator(1e-14);
    double[] narrow = estimate(sharp, SequenceRewards.of(0, components));
    components.set(1, RewardComponent.of("b", -0.5, wide));
    assertThat(estimate(sharp, SequenceRewards.of(0, components)))
        .as("the spread of a function does not matter")
        .containsExactly(narrow, within(1e-8));
  }

  /** Penalties keep their size: they are less the mean of their group, and divided by nothing. */
  @Property(tries = 40)
  void decoupledKeepsTheCoefficientOfPenalties(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 3) double beta) {
    RandomRollouts random = new RandomRollouts(seed);
    double[] a = random.vector(LENGTHS.length);
    double[] divergences = random.vector(LENGTHS.length);
    double[] standardised = naive(a, Scale.GROUP, 1e-4);
    double[] sums = new double[a.length];
    for (int s = 0; s < sums.length; s++) {
      double mean = RandomRollouts.mean(members(divergences, GROUPS.of(s)));
      sums[s] = 1.5 * standardised[s] - beta * (divergences[s] - mean);
    }
    double mean = RandomRollouts.mean(sums);
    double divisor = RandomRollouts.deviation(sums) + 1e-4;
    double[] expected =
        IntStream.range(0, sums.length).mapToDouble(s -> (sums[s] - mean) / divisor).toArray();
    double[][] tokens = new double[LENGTHS.length][];
    for (int s = 0; s < tokens.length; s++) {
      tokens[s] = new double[LENGTHS[s]];
      tokens[s][0] = divergences[s];
    }
    SequenceRewards rewards =
        SequenceRewards.of(0, List.of(RewardComponent.of("a", 1.5, a)))
            .with(TokenRewards.penalty(beta, TokenValues.of(tokens), MASK));
    assertThat(estimate(new DecoupledGroupEstimator(1e-4), rewards))
        .containsExactly(expected, within(1e-10));
  }

  @Property(tries = 40)
  void optimalBaselineWeighsByLength(@ForAll long seed) {
    double[] rewards = new RandomRollouts(seed).vector(LENGTHS.length);
    double[] expected = new double[rewards.length];
    for (int s = 0; s < expected.length; s++) {
      double above = 0;
      double below = 0;
      for (int m : GROUPS.members(GROUPS.of(s))) {
        above += LENGTHS[m] * rewards[m];
        below += LENGTHS[m];
      }
      expected[s] = rewards[s] - above / below;
    }
    assertThat(estimate(new OptimalBaselineEstimator(), rewards))
        .containsExactly(expected, within(1e-12));
  }

  @Property(tries = 40)
  void reMaxComparesWithTheGreedyCompletion(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    double[] rewards = random.vector(LENGTHS.length);
    double[] greedy = random.vector(GROUPS.count());
    TokenValues found =
        new ReMaxEstimator()
            .estimate(
                AdvantageInput.of(SequenceRewards.of(0, rewards), GROUPS, MASK)
                    .withGreedyRewards(greedy))
            .advantages();
    for (int s = 0; s < rewards.length; s++) {
      assertThat(found.get(s, 0)).isEqualTo(rewards[s] - greedy[GROUPS.of(s)]);
    }
  }

  @Property(tries = 40)
  void equalRewardsGiveExactlyNothing(@ForAll @DoubleRange(min = -100, max = 100) double reward) {
    double[] rewards = IntStream.range(0, LENGTHS.length).mapToDouble(s -> reward).toArray();
    for (AdvantageEstimator estimator :
        List.of(
            AdvantageEstimator.grpo(),
            AdvantageEstimator.drGrpo(),
            new GroupRelativeEstimator(Scale.BATCH, 1e-4),
            AdvantageEstimator.rloo(),
            new LeaveOneOutEstimator(true, 1e-4),
            new DecoupledGroupEstimator(1e-4),
            new OptimalBaselineEstimator(),
            new GroupPolicyGradientEstimator(1),
            new BestOfGroupEstimator(1e-6),
            new ReinforcePlusPlusBaselineEstimator(Variance.BESSEL))) {
      assertThat(estimate(estimator, rewards)).containsOnly(0);
    }
  }

  /** Over every pair of outcomes, the leave-one-out gradient is that of the expected reward. */
  @Property(tries = 40)
  void leaveOneOutIsUnbiased(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    double[] logits = random.vector(4);
    double[] rewards = random.vector(4);
    double[] p = new double[4];
    double sum = 0;
    for (int v = 0; v < 4; v++) {
      p[v] = Math.exp(logits[v]);
      sum += p[v];
    }
    double expectedReward = 0;
    for (int v = 0; v < 4; v++) {
      p[v] /= sum;
      expectedReward += p[v] * rewards[v];
    }
    double[] gradient = new double[4];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        TokenValues a =
            AdvantageEstimator.rloo()
                .estimate(
                    AdvantageInput.of(
                        SequenceRewards.of(0, rewards[i], rewards[j]),
                        Groups.consecutive(1, 2),
                        CompletionMask.ofLengths(1, 1)))
                .advantages();
        for (int k = 0; k < 4; k++) {
          double score =
              a.get(0, 0) * ((i == k ? 1 : 0) - p[k]) + a.get(1, 0) * ((j == k ? 1 : 0) - p[k]);
          gradient[k] += p[i] * p[j] * score / 2;
        }
      }
    }
    for (int k = 0; k < 4; k++) {
      assertThat(gradient[k]).isCloseTo(p[k] * (rewards[k] - expectedReward), within(1e-12));
    }
  }
}
