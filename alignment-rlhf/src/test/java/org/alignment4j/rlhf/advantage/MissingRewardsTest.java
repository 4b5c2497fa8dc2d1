package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rewards that are missing, broken or equal, and groups that are too small. */
class MissingRewardsTest {

  private static final CompletionMask MASK = CompletionMask.ofLengths(1, 2, 1, 1);
  private static final Groups GROUPS = Groups.consecutive(1, 4);

  private static SequenceRewards rewards(Double... values) {
    return SequenceRewards.of(3, List.of(new RewardComponent("r", 1, Arrays.asList(values))));
  }

  private static Advantages estimate(AdvantageEstimator estimator, SequenceRewards rewards) {
    return estimator.estimate(AdvantageInput.of(rewards, GROUPS, MASK));
  }

  @Test
  void aNullRewardLeavesGroupAndMask() {
    for (AdvantageEstimator estimator :
        List.of(
            AdvantageEstimator.grpo(),
            AdvantageEstimator.drGrpo(),
            AdvantageEstimator.rloo(),
            new LeaveOneOutEstimator(true, 1e-4),
            new DecoupledGroupEstimator(1e-4),
            new OptimalBaselineEstimator(),
            new GroupPolicyGradientEstimator(1),
            new BestOfGroupEstimator(1e-6),
            new ReinforcePlusPlusBaselineEstimator(Variance.BESSEL))) {
      Advantages with = estimate(estimator, rewards(1.0, null, 2.0, 4.0));
      assertThat(with.mask().count(1)).isZero();
      assertThat(with.mask().total()).isEqualTo(3);
      Advantages without =
          estimator.estimate(
              AdvantageInput.of(
                  SequenceRewards.of(3, 1, 2, 4),
                  Groups.consecutive(1, 3),
                  CompletionMask.ofLengths(1, 1, 1)));
      assertThat(with.advantages().flat(with.mask()))
          .as(estimator.toString())
          .containsExactly(without.advantages().flat(), within(1e-15));
      assertThat(with.advantages().row(1)).containsOnly(0);
    }
  }

  @Test
  void aFunctionWithoutOpinionAddsNothing() {
    RewardComponent first = RewardComponent.of("a", 1, 1, 2, 3, 4);
    RewardComponent second = new RewardComponent("b", 10, Arrays.asList(null, 1.0, null, 0.5));
    SequenceRewards both = SequenceRewards.of(0, List.of(first, second));
    assertThat(both.totals()).containsExactly(1, 12, 3, 9);
    assertThat(both.present(0)).isTrue();
    RewardComponent silent = new RewardComponent("c", 1, Arrays.asList(null, null, null, null));
    assertThat(estimate(new DecoupledGroupEstimator(1e-4), both.with(silent)))
        .isEqualTo(estimate(new DecoupledGroupEstimator(1e-4), both));
    assertThat(SequenceRewards.of(0, List.of(silent)).present(2)).isFalse();
  }

  /** Two are rewarded alike; the others would be compared with them by their penalties alone. */
  @Test
  void aPenaltyMakesNoReward() {
    TokenValues divergences = TokenValues.broadcast(new double[] {1, 1, 1, 1}, MASK);
    RewardComponent penalty = TokenRewards.penalty(0.05, divergences, MASK);
    SequenceRewards found = rewards(2.0, null, 2.0, null).with(penalty);
    assertThat(found.absent()).containsExactly(false, true, false, true);
    assertThat(found.totals()).containsExactly(1.95, 0, 1.95, 0);
    assertThat(found.components().get(1).values()).containsExactly(-0.05, null, -0.05, null);
    assertThat(rewards(1.0, 2.0, 3.0, 4.0).with(penalty).followedBy(found).absent())
        .containsExactly(false, false, false, false, false, true, false, true);
  }

  @Test
  void rewardsWhoseDeviationOverflowsAreNamedByStep() {
    assertThatThrownBy(() -> rewards(1e301, 2e301, -1e301, 0.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "rewards at step 3", "finite mean and variance", "'r'", "-1.0E301 to 2.0E301");
    assertThatThrownBy(() -> rewards(1e308, 1e308, 1e308, 1e308))
        .hasMessageContaining("rewards at step 3");
    assertThatThrownBy(
            () ->
                SequenceRewards.of(
                    4,
                    List.of(
                        RewardComponent.of("a", 1e160, 1, 2), RewardComponent.of("b", 1, 0, 0))))
        .hasMessageContainingAll("rewards at step 4", "their weighted sum");
    assertThat(rewards(1e150, -1e150).totals()).containsExactly(1e150, -1e150);
    assertThat(
            SequenceRewards.of(
                    0,
                    List.of(
                        RewardComponent.of("a", 1, 1, 1),
                        RewardComponent.of("b", 0, 1e301, -1e301)))
                .totals())
        .containsOnly(1);
  }

  @Test
  void whatIsLeftOfAGroupMayBeOne() {
    Advantages found = estimate(AdvantageEstimator.grpo(), rewards(null, null, 5.0, null));
    assertThat(found.advantages().flat()).containsOnly(0);
    assertThat(found.mask().total()).isEqualTo(1);
    assertThat(estimate(AdvantageEstimator.rloo(), rewards(null, null, null, null)).mask().total())
        .isZero();
  }

  @Test
  void nanIsNamedByComponentSampleAndStep() {
    assertThatThrownBy(() -> rewards(1.0, 2.0, Double.NaN, 1.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "reward 'r' of sample 2 at step 3 must be finite but was NaN; give no score where there is"
                + " nothing to say (OptionalDouble.empty(), null in a component)");
    assertThatThrownBy(() -> SequenceRewards.of(8, Double.POSITIVE_INFINITY))
        .hasMessageContaining("reward 'reward' of sample 0 at step 8");
    assertThatThrownBy(() -> RewardComponent.of("w", Double.NaN, 1))
        .hasMessage("weight of the reward 'w' must be finite but was NaN");
    assertThatThrownBy(() -> rewards(1.0, 2.0).with(RewardComponent.of("x", 1, 3)))
        .hasMessage("reward 'x' at step 3 must be of 2 sequences but is of 1");
    assertThatThrownBy(() -> SequenceRewards.of(4, List.of()))
        .hasMessageContaining("at least one component");
  }

  @Test
  void groupsOfOneAreRefused() {
    AdvantageInput one =
        AdvantageInput.of(
            SequenceRewards.of(0, 1, 2, 3),
            Groups.ofIndices(0, 0, 1),
            CompletionMask.ofLengths(1, 1, 1));
    for (AdvantageEstimator estimator :
        List.of(
            AdvantageEstimator.grpo(),
            AdvantageEstimator.rloo(),
            new DecoupledGroupEstimator(1e-4),
            new OptimalBaselineEstimator(),
            new GroupPolicyGradientEstimator(1),
            new BestOfGroupEstimator(1e-6),
            new ReinforcePlusPlusBaselineEstimator(Variance.BESSEL))) {
      assertThatThrownBy(() -> estimator.estimate(one))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "needs groups of at least 2 completions but group 1 has 1; sample more per prompt");
    }
    assertThatThrownBy(() -> new ReMaxEstimator().estimate(one))
        .hasMessage("ReMax needs greedyRewards but there are none");
    assertThatThrownBy(() -> one.withGreedyRewards(1, 2, 3))
        .hasMessageContaining("greedyRewards must be one row of 2 groups");
  }

  @Test
  void equalGroupsAreFiltered() {
    SequenceRewards rewards =
        SequenceRewards.of(
            0, List.of(new RewardComponent("r", 1, Arrays.asList(1.0, 1.0, 0.0, 1.0, null, 2.0))));
    Groups groups = Groups.ofIndices(0, 0, 1, 1, 2, 2);
    assertThat(GroupFilter.exact().droppedGroups(rewards, groups))
        .containsExactly(true, false, true);
    assertThat(GroupFilter.exact().droppedSequences(rewards, groups))
        .containsExactly(true, true, false, false, true, true);
    assertThat(new GroupFilter(1).droppedGroups(rewards, groups)).containsOnly(true);
    CompletionMask kept =
        CompletionMask.ofLengths(2, 2, 2, 2, 2, 2)
            .without(GroupFilter.exact().droppedSequences(rewards, groups));
    assertThat(kept.scoredSequences()).isEqualTo(2);
  }

  @Test
  void groupIndicesAreChecked() {
    assertThatThrownBy(() -> Groups.ofIndices(0, 2, 2))
        .hasMessage("group indices must run without a gap but none is 1");
    assertThatThrownBy(() -> Groups.ofIndices(0, -1))
        .hasMessage("groupOf[1] must be in [0, 2) but was -1");
    assertThatThrownBy(() -> Groups.consecutive(2, 0)).hasMessageContaining("size at least 1");
    assertThat(Groups.consecutive(2, 3)).isEqualTo(Groups.ofIndices(0, 0, 0, 1, 1, 1));
  }
}
