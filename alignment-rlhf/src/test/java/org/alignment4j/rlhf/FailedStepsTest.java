package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps that fail leave everything as it was. */
class FailedStepsTest {

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = SmallPolicies.model();
  }

  @AfterEach
  void close() {
    base.close();
  }

  /** A failure before the updates leaves a training of one's own loop where it was. */
  @Test
  void aStepThatFailsMayBeMadeAgain() {
    try (PolicyTraining training =
        SmallPolicies.trainer(
                base, PolicyMethod.grpo().withGroupSize(4), BadRewardsTest.late(Double.NaN))
            .begin(SmallPolicies.prompts(6))) {
      Map<String, Double> first = SmallPolicies.finite(training.step());
      assertThatThrownBy(training::step).hasMessageContaining("at step 2");
      assertThat(training.done()).isEqualTo(1);
      Metrics again = training.step();
      assertThat(again.step()).isEqualTo(2);
      assertThat(again.values().keySet()).isEqualTo(first.keySet());
    }
  }

  /** Moments of a reward before the one that fails count the step once, made again. */
  @Test
  void aStepThatFailsIsForgottenByRewardsThatRemember() {
    List<String> ends = new ArrayList<>();
    for (double value : new double[] {0, Double.NaN}) {
      WhitenedReward whitened = WhitenedReward.of(SmallPolicies.first());
      try (PolicyTraining training =
          SmallPolicies.trainer(
                  base, PolicyMethod.grpo().withGroupSize(4), whitened, BadRewardsTest.late(value))
              .begin(SmallPolicies.prompts(6))) {
        training.step();
        assertThat(whitened.moments().count()).isEqualTo(12);
        if (Double.isNaN(value)) {
          assertThatThrownBy(training::step)
              .hasMessageContaining("reward 'late' of sample 1 of prompt ");
          assertThat(whitened.moments().count()).isEqualTo(12);
        }
        training.step();
        assertThat(whitened.moments().count()).isEqualTo(24);
        ends.add(whitened.moments().toString());
      }
    }
    assertThat(ends.get(1)).isEqualTo(ends.get(0));
  }

  @Test
  void aStepThatEndsByAnErrorIsForgottenToo() {
    WhitenedReward reward = WhitenedReward.of(SmallPolicies.first());
    RewardFunction broken =
        SmallPolicies.of(
            "broken",
            answers -> {
              throw new OutOfMemoryError("made up");
            });
    PolicyTrainer trainer =
        PolicyTrainer.of(base, PolicyVariants.ppoLagrangian())
            .rollouts(RolloutOptions.of(SmallPolicies.LENGTH))
            .reward(reward);
    try (PolicyTraining training =
        trainer
            .constraint(broken, LagrangeMultiplier.standard(0))
            .begin(SmallPolicies.prompts(2))) {
      assertThatThrownBy(training::step).isInstanceOf(OutOfMemoryError.class);
    }
    assertThat(reward.moments().count()).isZero();
  }
}
