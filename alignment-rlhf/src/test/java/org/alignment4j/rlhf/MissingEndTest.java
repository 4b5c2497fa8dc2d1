package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.advantage.MissingEos;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the reward of completions that the length limit ended. */
class MissingEndTest {

  /** One that ended, one that did not, and each of them without a reward. */
  private static final boolean[] TRUNCATED = {false, true, false, true, true};

  private static List<Rollout> rollouts() {
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < TRUNCATED.length; i++) {
      rollouts.add(
          new Rollout(
              i,
              0,
              Prompt.text("p"),
              TokenIds.of(1),
              "a",
              TokenIds.of(new int[1 + i]),
              TRUNCATED[i]));
    }
    return rollouts;
  }

  private static SequenceRewards given() {
    return SequenceRewards.of(
        3,
        List.of(
            new RewardComponent("a", 2, Arrays.asList(1.0, 3.0, null, null, -0.5)),
            new RewardComponent("b", 1, Arrays.asList(null, 0.25, null, null, 0.0))));
  }

  private static @Nullable List<@Nullable Double> component(SequenceRewards rewards, String name) {
    return rewards.components().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .map(RewardComponent::values)
        .orElse(null);
  }

  @Test
  void aPenaltyIsTakenOffWhereAnEndIsMissingAndThereIsAReward() {
    SequenceRewards rewards =
        PolicyRewards.none().withMissingEnd(MissingEos.subtract(1.5)).punished(given(), rollouts());
    assertThat(component(rewards, "missing_end")).containsExactly(0.0, -1.5, null, null, -1.5);
    assertThat(rewards.totals()).containsExactly(2, 6.25 - 1.5, 0, 0, -2.5);
    assertThat(IntStream.range(0, 5).filter(rewards::present).toArray()).containsExactly(0, 1, 4);
  }

  @Test
  void aFixedScoreTakesThePlaceOfTheWholeReward() {
    SequenceRewards rewards =
        PolicyRewards.none().withMissingEnd(MissingEos.replace(-1)).punished(given(), rollouts());
    assertThat(component(rewards, "missing_end")).containsExactly(0.0, -7.25, null, null, 0.0);
    assertThat(rewards.totals()).containsExactly(2, -1, 0, 0, -1);
  }

  /** The length is punished of what the rule about ends left. */
  @Test
  void lengthsArePunishedBeside() {
    SequenceRewards rewards =
        PolicyRewards.none()
            .withMissingEnd(MissingEos.replace(-1))
            .withOverlong(new SoftOverlong(4, 2))
            .punished(given(), rollouts());
    assertThat(component(rewards, "overlong")).containsExactly(0.0, 0.0, null, null, -1.0);
    assertThat(rewards.totals()).containsExactly(2, -1, 0, 0, -2);
    SequenceRewards plain = given();
    assertThat(PolicyRewards.none().punished(plain, rollouts())).isSameAs(plain);
  }

  @Test
  void rulesTellTheRunFolder() {
    assertThat(PolicyRewards.none().describeRules()).isEmpty();
    assertThat(PolicyRewards.none().withMissingEnd(MissingEos.replace(-1)).describeRules())
        .isEqualTo("; missing end " + MissingEos.replace(-1));
  }

  /** A reward of 2 for every completion, some of which the limit of four tokens ends. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theTrainerAppliesTheRule(boolean replaces) {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction two =
        RewardFunction.each(
            "two",
            r -> {
              seen.add(r);
              return 2;
            });
    try (DecoderModel base = SmallPolicies.model()) {
      PolicyTrainer plain = SmallPolicies.trainer(base, PolicyMethod.grpo().withGroupSize(16), two);
      PolicyTrainer trainer =
          replaces ? plain.missingEnd(MissingEos.replace(-1)) : plain.missingEndPenalty(0.5);
      try (PolicyTraining training = trainer.begin(SmallPolicies.prompts(3))) {
        Map<String, Double> metrics = training.step().values();
        double cut = seen.stream().filter(Rollout::truncated).count() / (double) seen.size();
        assertThat(cut).isBetween(0.01, 0.99);
        assertThat(metrics.get("completions/clipped_ratio")).isCloseTo(cut, within(1e-12));
        assertThat(metrics.get("rewards/two/mean")).isEqualTo(2);
        double change = replaces ? -3 : -0.5;
        assertThat(metrics.get("rewards/missing_end/mean")).isCloseTo(change * cut, within(1e-12));
        assertThat(metrics.get("reward")).isCloseTo(2 + change * cut, within(1e-12));
        assertThat(metrics.get("reward_std")).isPositive();
      }
      assertThatThrownBy(() -> plain.missingEnd(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("rule");
    }
  }
}
