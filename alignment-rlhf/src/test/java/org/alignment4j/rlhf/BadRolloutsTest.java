package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts, groups and completions that reinforcement learning has trouble with. */
class BadRolloutsTest {

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = SmallPolicies.model();
  }

  @AfterEach
  void close() {
    base.close();
  }

  static Stream<PolicyMethod> methods() {
    return SmallPolicies.methods();
  }

  private Map<String, Double> step(PolicyTrainer trainer, List<Prompt> prompts, boolean learns) {
    try (PolicyTraining training = trainer.begin(prompts)) {
      Map<String, Double> metrics = SmallPolicies.finite(training.step());
      if (!learns) {
        try (DecoderModel after = training.model()) {
          SmallPolicies.same(after, base);
        }
      }
      return metrics;
    }
  }

  private static PolicyMethod with(PolicyMethod method, Truncated truncated) {
    return method.withGroups(method.groups().withTruncated(truncated));
  }

  private PolicyTrainer cutOff(PolicyMethod method) {
    return SmallPolicies.trainer(base, method, RewardFunction.each("sample", Rollout::sample))
        .rollouts(RolloutOptions.of(1))
        .missingEndPenalty(1);
  }

  private static final List<Prompt> NEVER_END = List.of(Prompt.tokens(3), Prompt.tokens(4));

  @ParameterizedTest
  @MethodSource("methods")
  void whereAllIsCutOffAndLeftOutNothingIsLearned(PolicyMethod method) {
    Map<String, Double> metrics = step(cutOff(with(method, Truncated.LEFT_OUT)), NEVER_END, false);
    assertThat(metrics)
        .containsEntry("completions/clipped_ratio", 1.0)
        .containsEntry("completions/mean_length", 1.0)
        .containsEntry("rewards/missing_end/mean", -1.0)
        .doesNotContainKeys("loss", "ratio", "value_loss", "cost_value_loss");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void cutOffAnswersAreLearnedFromAsFinished(PolicyMethod method) {
    Map<String, Double> metrics = step(cutOff(with(method, Truncated.FINISHED)), NEVER_END, true);
    assertThat(metrics).containsEntry("completions/clipped_ratio", 1.0);
    assertThat(metrics.get("loss")).isFinite();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void onlyACriticTellsWhatWouldFollow(PolicyMethod method) {
    if (method.estimator().needsValues()) {
      Map<String, Double> metrics =
          step(cutOff(with(method, Truncated.BOOTSTRAPPED)), NEVER_END, true);
      assertThat(metrics).containsKeys("loss", "value_loss");
    } else {
      assertThatThrownBy(() -> with(method, Truncated.BOOTSTRAPPED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              "bootstrapped from a critic", method.name(), "take Truncated.FINISHED or LEFT_OUT");
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void equalRewardsGiveNumbersAndNoDirection(PolicyMethod method) {
    AtomicInteger rounds = new AtomicInteger();
    RewardFunction equal =
        SmallPolicies.of(
            "equal",
            answers -> {
              rounds.incrementAndGet();
              return answers.stream().map(a -> OptionalDouble.of(7)).toList();
            });
    boolean relative = method.estimator().needsGroups();
    Map<String, Double> metrics =
        step(SmallPolicies.trainer(base, method, equal), SmallPolicies.prompts(4), !relative);
    if (method.groups().size() > 1) {
      assertThat(metrics)
          .containsEntry("frac_reward_zero_std", 1.0)
          .containsEntry("reward_group_std", 0.0);
    } else {
      assertThat(metrics).doesNotContainKeys("frac_reward_zero_std", "reward_group_std");
    }
    assertThat(metrics.get("reward_std")).isZero();
    assertThat(metrics.get("sampling/rounds")).isEqualTo(method.groups().rounds());
    assertThat(rounds.get()).isLessThanOrEqualTo(Math.max(2, method.groups().rounds()));
    if (method.groups().filter() != null) {
      assertThat(metrics).doesNotContainKey("loss");
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void withoutAnyRewardNothingIsLearned(PolicyMethod method) {
    PolicyTrainer trainer = SmallPolicies.trainer(base, method, SmallPolicies.silent());
    for (PolicyTrainer each :
        List.of(trainer, trainer.normalise(RewardNormaliser.unbounded()).missingEndPenalty(1))) {
      if (method.estimator().needsGreedyRewards()) {
        assertThatThrownBy(() -> each.train(SmallPolicies.prompts(4)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("greedy completion", "at step 1");
      } else {
        Map<String, Double> metrics = step(each, SmallPolicies.prompts(4), false);
        assertThat(metrics).doesNotContainKeys("reward", "reward_std", "reward_group_std");
        assertThat(metrics.getOrDefault("loss", 0.0)).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void groupsOfOneAreRefusedBeforeAnythingIsSampledOrAreFine(PolicyMethod method) {
    AtomicInteger calls = new AtomicInteger();
    RewardFunction counted =
        RewardFunction.each(
            "counted",
            r -> {
              calls.incrementAndGet();
              return r.tokens().get(0);
            });
    PolicyTrainer trainer = SmallPolicies.trainer(base, method.withGroupSize(1), counted);
    if (method.estimator().needsGroups()) {
      assertThatThrownBy(() -> trainer.begin(SmallPolicies.prompts(3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              method.name(), "groups of at least 2", "groupSize was 1", "withGroupSize");
      assertThat(calls).hasValue(0);
    } else {
      assertThat(step(trainer, SmallPolicies.prompts(3), true)).containsKey("loss");
    }
  }

  @Test
  void aFilterOfGroupsOfOneWouldLeaveOutAll() {
    assertThatThrownBy(
            () ->
                SmallPolicies.trainer(
                        base,
                        PolicyMethod.ppo().withFilter(GroupFilter.exact()),
                        SmallPolicies.first())
                    .begin(SmallPolicies.prompts(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("filter leaves out groups of equal rewards", "ppo was 1");
  }

  @Test
  void anAnswerMayBeItsEndAlone() {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction recording =
        RewardFunction.each(
            "ended",
            r -> {
              seen.add(r);
              return r.truncated() ? 0 : 1;
            });
    Map<String, Double> metrics =
        step(
            SmallPolicies.trainer(base, PolicyMethod.grpo().withGroupSize(64), recording)
                .rollouts(new RolloutOptions(SmallPolicies.LENGTH, 3)),
            SmallPolicies.prompts(3),
            true);
    List<Rollout> ended = seen.stream().filter(r -> r.tokens().get(0) == 2).toList();
    assertThat(ended)
        .isNotEmpty()
        .allSatisfy(
            r -> {
              assertThat(r.tokens()).isEqualTo(TokenIds.of(SmallPolicies.END));
              assertThat(r.truncated()).isFalse();
              assertThat(r.text()).isEmpty();
            });
    assertThat(metrics.get("completions/clipped_ratio"))
        .isCloseTo(
            seen.stream().filter(Rollout::truncated).count() / (double) seen.size(), within(1e-12));
  }

  @Test
  void aPromptThatLeavesExactlyTheRoomAndOneThatIsThereTwiceAreFine() {
    List<Prompt> prompts = List.of(Prompt.tokens(new int[28]), Prompt.tokens(1), Prompt.tokens(1));
    assertThat(
            step(
                SmallPolicies.trainer(base, PolicyMethod.grpo(), SmallPolicies.first()),
                prompts,
                true))
        .containsKey("loss");
  }

  @Test
  void givenAnswersOfNoRewardAndImpossibleTokens() {
    assertThatThrownBy(() -> LogProbs.of(-1, Double.NaN)).hasMessageContaining("index 1 was NaN");
    RewardedAnswer none = new RewardedAnswer(TokenIds.of(2), false, Map.of(), null);
    try (PolicyTraining training = SmallPolicies.trainer(base, PolicyMethod.grpo()).beginGiven(1)) {
      assertThatThrownBy(
              () ->
                  training.step(
                      List.of(new RewardedGroup(TokenIds.of(5), Arrays.asList(none, none)))))
          .hasMessageContaining("rewards at step 1 must have at least one component");
      assertThat(training.done()).isZero();
    }
  }
}
