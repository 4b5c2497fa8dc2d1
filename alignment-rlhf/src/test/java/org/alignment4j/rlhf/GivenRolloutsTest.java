package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.advantage.OffPolicyCorrection;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Completions that were sampled elsewhere teach what those of the trainer's own do. */
class GivenRolloutsTest {

  private static final int VOCAB = 12;
  private static final int LENGTH = 6;

  private DecoderModel base;

  @BeforeEach
  void open() {
    ConfigJson config = TestModels.config("llama", VOCAB, 16, 2, 32);
    base = TestModels.of(config, TestModels.weights(config, 0.4));
  }

  @AfterEach
  void close() {
    base.close();
  }

  static Stream<PolicyMethod> methods() {
    return Stream.of(
        PolicyMethod.grpo(),
        PolicyMethod.rloo().withUpdates(2, 2),
        PolicyMethod.ppo().withGroupSize(2),
        PolicyMethod.reinforcePlusPlus().withGroupSize(2));
  }

  private PolicyTrainer trainer(PolicyMethod method) {
    return PolicyTrainer.of(base, method)
        .rollouts(RolloutOptions.of(LENGTH))
        .missingEndPenalty(0.5)
        .batchSize(3)
        .learningRate(1e-2);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void ownCompletionsGivenAgainTeachTheSame(PolicyMethod method) {
    List<Prompt> prompts =
        List.of(Prompt.tokens(3, 4), Prompt.tokens(5, 6, 7), Prompt.tokens(8, 1));
    List<Rollout> seen = new ArrayList<>();
    RewardFunction reward =
        RewardFunction.each(
            "first",
            r -> {
              seen.add(r);
              return r.tokens().get(0);
            });
    Map<String, Double> own;
    String after;
    try (PolicyTraining training = trainer(method).reward(reward).begin(prompts)) {
      own = training.step().values();
      after = id(training);
    }
    int size = method.groups().size();
    List<RewardedGroup> groups = new ArrayList<>();
    for (int g = 0; g < prompts.size(); g++) {
      List<Rollout> members = seen.subList(g * size, (g + 1) * size);
      groups.add(
          new RewardedGroup(
              members.get(0).promptTokens(),
              members.stream()
                  .map(
                      r ->
                          new RewardedAnswer(
                              r.tokens(),
                              r.truncated(),
                              Map.of("first", (double) r.tokens().get(0)),
                              null))
                  .toList()));
    }
    try (PolicyTraining training = trainer(method).beginGiven(1)) {
      Metrics given = training.step(groups);
      given
          .values()
          .forEach(
              (name, value) -> {
                if (!name.equals("sampling/rounds")) {
                  assertThat(value).as(name).isCloseTo(own.get(name), within(1e-6));
                }
              });
      assertThat(own.keySet())
          .containsAll(given.values().keySet())
          .hasSize(given.values().size() + 2);
      assertThat(id(training)).isEqualTo(after);
      assertThat(training.hasNext()).isFalse();
      assertThatThrownBy(() -> training.step(groups)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static String id(PolicyTraining training) {
    try (DecoderModel model = training.model()) {
      return model.id();
    }
  }

  @Test
  void theMismatchWithTheSamplerIsMeasuredWhereItIsKnown() {
    RewardedAnswer good =
        RewardedAnswer.of(TokenIds.of(2, 3), 1).withLogProbs(LogProbs.of(-2.5, -2.5));
    RewardedAnswer bad = RewardedAnswer.of(TokenIds.of(4), 0);
    try (PolicyTraining training = trainer(PolicyMethod.grpo()).beginGiven(2)) {
      RewardedGroup known = group(good, bad.withLogProbs(LogProbs.of(-0.1)));
      assertThat(training.step(List.of(known)).values().get(MISMATCH)).isPositive();
      assertThat(training.step(List.of(group(good, bad))).values()).doesNotContainKey(MISMATCH);
    }
  }

  private static final String MISMATCH = "sampling/sampling_logp_difference/mean";

  private static RewardedGroup group(RewardedAnswer... answers) {
    return new RewardedGroup(TokenIds.of(5, 6), Arrays.asList(answers));
  }

  @Test
  void badInputIsRefusedByPlace() {
    RewardedAnswer one = RewardedAnswer.of(TokenIds.of(2, 3), 1);
    PolicyMethod grpo = PolicyMethod.grpo();
    refused(grpo, List.of(), "at least one group");
    refused(
        grpo,
        List.of(group(one, RewardedAnswer.of(TokenIds.of(VOCAB), 0))),
        "tokens must be in [0, 12) but one of answer 1 of group 0 is 12");
    refused(
        grpo,
        List.of(group(one, one), group(one, RewardedAnswer.of(TokenIds.of(new int[31]), 0))),
        "context of 32 tokens but answer 1 of group 1 has 33");
    refused(
        grpo,
        List.of(group(one, RewardedAnswer.of(TokenIds.of(1), Double.NaN))),
        "reward 'reward' of answer 1 of group 0 at step 1 must be finite but was NaN");
    refused(grpo, List.of(group(one)), "groups of at least 2");
    refused(grpo.withUpdates(1, 2), List.of(group(one, one)), "at most the groups of a step, 1");
    refused(PolicyVariants.reMax(), List.of(group(one)), "remax needs");
    refused(
        grpo.withUpdates(grpo.updates().withCorrection(OffPolicyCorrection.truncated(2))),
        List.of(group(one, one)),
        "log-probabilities but answer 0 of group 0 has none");
    assertThatThrownBy(() -> one.withLogProbs(LogProbs.of(-1)))
        .hasMessageContaining("each of its 2 tokens but has 1");
    assertThatThrownBy(() -> trainer(grpo).beginGiven(0)).hasMessageContaining("steps must be");
    try (PolicyTraining training = trainer(grpo).beginGiven(1)) {
      assertThatThrownBy(training::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("begin(prompts)");
    }
  }

  private void refused(PolicyMethod method, List<RewardedGroup> groups, String message) {
    try (PolicyTraining training = trainer(method).beginGiven(1)) {
      assertThatThrownBy(() -> training.step(groups))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
      assertThat(training.done()).isZero();
    }
  }
}
