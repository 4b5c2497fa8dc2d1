package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Means and deviations of rewards, beside numbers worked by hand. */
class RewardMetricsTest {

  private static final double EXACT = 1e-12;

  /** 1, 3, 5 deviate by 2 and 2, 2, 2 by 0; all six by √(9.5/5) about 2.5. */
  @Test
  void deviationsOfTheStepAndOfItsGroups() {
    SequenceRewards rewards = SequenceRewards.of(1, 1, 3, 5, 2, 2, 2);
    Map<String, Double> metrics = RewardMetrics.of(rewards, Groups.consecutive(2, 3));
    assertThat(metrics.get("reward")).isCloseTo(2.5, within(EXACT));
    assertThat(metrics.get("reward_std")).isCloseTo(1.378404875209022, within(EXACT));
    assertThat(metrics.get("reward_group_std")).isCloseTo(1, within(EXACT));
    assertThat(RewardMetrics.withoutDeviation(rewards, Groups.consecutive(2, 3))).hasValue(0.5);
    // the same rewards in groups whose members lie apart: 1, 5, 2 and 3, 2, 2
    Groups apart = Groups.ofIndices(0, 1, 0, 1, 0, 1);
    double first = Math.sqrt(13.0 / 3);
    double second = Math.sqrt(1.0 / 3);
    assertThat(RewardMetrics.of(rewards, apart).get("reward_group_std"))
        .isCloseTo((first + second) / 2, within(EXACT));
    assertThat(RewardMetrics.withoutDeviation(rewards, apart)).hasValue(0);
  }

  @Test
  void groupsOfOneHaveNoDeviation() {
    SequenceRewards rewards = SequenceRewards.of(1, 4, 8);
    Groups ones = Groups.consecutive(2, 1);
    assertThat(RewardMetrics.of(rewards, ones))
        .containsEntry("reward_std", Math.sqrt(8))
        .doesNotContainKey("reward_group_std");
    assertThat(RewardMetrics.withoutDeviation(rewards, ones)).isEmpty();
    // beside a group of two, one of one counts for nothing
    SequenceRewards three = SequenceRewards.of(1, 4, 8, 5);
    Groups mixed = Groups.ofIndices(0, 0, 1);
    assertThat(RewardMetrics.of(three, mixed).get("reward_group_std"))
        .isCloseTo(Math.sqrt(8), within(EXACT));
    assertThat(RewardMetrics.withoutDeviation(three, mixed)).hasValue(0);
  }

  /** Totals of 2·a + b: 2 + 10, 4, −, 20; the third completion has no reward. */
  @Test
  void componentsAreOfThoseTheyApplyTo() {
    SequenceRewards rewards =
        SequenceRewards.of(
            1,
            List.of(
                new RewardComponent("a", 2, Arrays.asList(1.0, 2.0, null, null)),
                new RewardComponent("b", 1, Arrays.asList(10.0, null, null, 20.0)),
                new RewardComponent("c", 1, Arrays.asList(null, null, null, 0.0)),
                new RewardComponent("d", 1, Arrays.asList(null, null, null, null))));
    Map<String, Double> metrics = RewardMetrics.of(rewards, Groups.consecutive(2, 2));
    assertThat(metrics.get("reward")).isCloseTo(12, within(EXACT));
    assertThat(metrics.get("reward_std")).isCloseTo(8, within(EXACT));
    assertThat(metrics.get("reward_group_std")).isCloseTo(Math.sqrt(32), within(EXACT));
    assertThat(metrics.get("rewards/a/mean")).isCloseTo(1.5, within(EXACT));
    assertThat(metrics.get("rewards/a/std")).isCloseTo(Math.sqrt(0.5), within(EXACT));
    assertThat(metrics.get("rewards/b/mean")).isCloseTo(15, within(EXACT));
    assertThat(metrics.get("rewards/b/std")).isCloseTo(Math.sqrt(50), within(EXACT));
    assertThat(metrics)
        .containsEntry("rewards/c/mean", 0.0)
        .doesNotContainKeys("rewards/c/std", "rewards/d/mean", "rewards/d/std");
    // of the second group one reward is there, which deviates from nothing
    assertThat(RewardMetrics.withoutDeviation(rewards, Groups.consecutive(2, 2))).hasValue(0.5);
  }

  @Test
  void withoutARewardNoneIsReported() {
    SequenceRewards none =
        SequenceRewards.of(1, List.of(new RewardComponent("a", 1, Arrays.asList(null, null))));
    assertThat(RewardMetrics.of(none, Groups.consecutive(1, 2))).isEmpty();
    SequenceRewards one =
        SequenceRewards.of(1, List.of(new RewardComponent("a", 1, Arrays.asList(null, 3.0))));
    assertThat(RewardMetrics.of(one, Groups.consecutive(1, 2)))
        .containsEntry("reward", 3.0)
        .containsEntry("reward_std", 0.0);
  }

  @Test
  void aPartThatWeighsNothingMayBeTooLargeForADeviation() {
    SequenceRewards rewards =
        SequenceRewards.of(
            1,
            List.of(
                RewardComponent.of("a", 1, 1, 3), RewardComponent.of("a/raw", 0, -1e301, 1e301)));
    assertThat(RewardMetrics.of(rewards, Groups.consecutive(1, 2)))
        .containsEntry("reward", 2.0)
        .containsEntry("rewards/a/raw/mean", 0.0)
        .doesNotContainKey("rewards/a/raw/std");
  }

  @Test
  void aStepReportsThem() {
    try (DecoderModel base = SmallPolicies.model();
        PolicyTraining groups = SmallPolicies.trainer(base, PolicyMethod.grpo()).beginGiven(1);
        PolicyTraining ones =
            SmallPolicies.trainer(base, PolicyMethod.reinforcePlusPlus()).beginGiven(1)) {
      assertThat(groups.step(List.of(group(1, 3, 5), group(2, 2, 2))).values())
          .containsEntry("reward_group_std", 1.0)
          .containsEntry("frac_reward_zero_std", 0.5)
          .containsKeys("reward_std", "rewards/reward/std");
      assertThat(ones.step(List.of(group(1), group(2))).values())
          .containsEntry("reward_std", Math.sqrt(0.5))
          .doesNotContainKeys("reward_group_std", "frac_reward_zero_std");
    }
  }

  private static RewardedGroup group(double... rewards) {
    return new RewardedGroup(
        TokenIds.of(5, 6),
        Arrays.stream(rewards).mapToObj(r -> RewardedAnswer.of(TokenIds.of(3, 4), r)).toList());
  }
}
