package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.OffPolicyCorrection;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.TokenValues;
import org.alignment4j.rlhf.data.RowCosts;
import org.junit.jupiter.api.Test;

/** Completions that another engine sampled. */
class SamplerCorrectionsTest {

  /** Samples of another engine weigh what the trainer's policy gives them, up to the cap. */
  @Test
  void corrections() {
    List<Rollout> rollouts = new ArrayList<>();
    for (int s = 0; s < 2; s++) {
      rollouts.add(
          new Rollout(0, s, Prompt.text("p"), TokenIds.of(1), "a", TokenIds.of(4, 5), false));
    }
    double[][] old = {{-1, -2}, {-3, -0.5}};
    double[][] other = {{-1.5, -2}, {-5, -0.25}};
    TokenValues trainer = TokenValues.of(old);
    SampledStep sampled =
        new SampledStep(rollouts, Groups.consecutive(1, 2), TokenValues.of(other));
    PolicyMethod grpo = PolicyMethod.grpo().withGroupSize(2);
    PolicySettings settings =
        new PolicySettings(
            grpo.withUpdates(grpo.updates().withCorrection(OffPolicyCorrection.truncated(3))),
            PolicyRewards.none(),
            RolloutOptions.of(2),
            Critic.standard(),
            null);
    PolicyAdvantages learned =
        new AdvantageStage(
                settings,
                PolicyState.initial(settings),
                new ScoredStep(sampled, SequenceRewards.of(1, 0, 1), null, null, 1),
                new StepOutputs(trainer, trainer, null, null, null))
            .run();
    double[] expected = {Math.exp(0.5), 1, 3, Math.exp(-0.25)};
    assertThat(learned.corrections().flat()).containsExactly(expected, within(1e-12));
    var batches =
        PolicyBatches.update(
            sampled,
            learned,
            grpo.weights(),
            new RowCosts(1, 1, 1, 1, true, Integer.MAX_VALUE),
            new int[] {0, 1});
    float[] fed = batches.batches().get(0).inputs().get(PolicyObjective.CORRECTIONS).data();
    assertThat(fed).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(fed[i]).isCloseTo((float) expected[i], within(1e-6f));
    }
  }
}
