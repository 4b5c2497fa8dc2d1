package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.SoftOverlong;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.policy.KlPenalty;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.TrainingNoise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of reinforcement learning on small models whose reward is known. */
class PolicyTrainerTest extends WantedTokens {

  private PolicyTrainer trainer(PolicyMethod method) {
    return PolicyTrainer.of(base, method)
        .reward(REWARD)
        .rollouts(RolloutOptions.of(LENGTH))
        .divergenceEvery(1)
        .batchSize(4)
        .learningRate(2e-2);
  }

  static Stream<PolicyMethod> methods() {
    return Stream.of(
        PolicyMethod.grpo(),
        PolicyMethod.grpo().withLoss(PolicyLoss.grpo(0.01)).withUpdates(2, 2),
        PolicyMethod.drGrpo(LENGTH),
        PolicyMethod.dapo(),
        PolicyMethod.gspo(),
        PolicyMethod.cispo(),
        PolicyMethod.rloo().withKl(KlController.fixed(0)),
        PolicyMethod.reinforcePlusPlus().withGroupSize(4),
        PolicyVariants.sapo(),
        PolicyVariants.vespo(),
        PolicyVariants.luspo(),
        PolicyMethod.grpo().withLoss(PolicyLoss.ppo().withOffPolicyMask(0.05)).withUpdates(2, 2),
        PolicyVariants.reinforcePlusPlusBaseline(),
        PolicyVariants.reMax().withGroupSize(4),
        PolicyVariants.opo(),
        PolicyVariants.gmpo().withUpdates(2, 2),
        PolicyVariants.gpg(),
        PolicyVariants.bestOfGroup());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodLearnsWhatIsRewarded(PolicyMethod method) {
    FineTuningResult result = trainer(method).adapter(Lora.rank(4)).epochs(40).train(prompts(8));
    List<Metrics> metrics = result.metrics();
    assertThat(metrics).hasSize(80);
    assertThat(mean(metrics.subList(0, 4), "reward")).isLessThan(0.25);
    assertThat(mean(metrics.subList(76, 80), "reward")).isGreaterThan(0.6);
    assertThat(mean(metrics.subList(76, 80), "kl")).isPositive();
    result.model().close();
  }

  /** Sampler and trainer share one engine, and before the first update policy and sampler. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.7, 1.5})
  void theFirstUpdateIsOfThePolicyThatSampled(double temperature) {
    try (PolicyTraining training =
        trainer(PolicyMethod.grpo())
            .rollouts(new RolloutOptions(LENGTH, temperature))
            .begin(prompts(4))) {
      Map<String, Double> first = training.step().values();
      assertThat(first.get("ratio")).isCloseTo(1, within(1e-6));
      assertThat(first.get("approx_kl")).isCloseTo(0, within(1e-9));
      assertThat(first.get("clip_ratio/region_mean")).isZero();
      assertThat(first.get("kl")).isCloseTo(0, within(1e-5));
      assertThat(first.get("sampling/sampling_logp_difference/max")).isLessThan(1e-4);
      assertThat(first).containsKeys("rewards/wanted/mean", "completions/mean_length");
      assertThat(training.done()).isEqualTo(1);
    }
  }

  /** Of the sums over completions, in nats, wherever the penalty stands. */
  @Test
  void aPenaltyOnDivergenceKeepsThePolicyNear() {
    PolicyMethod method = PolicyMethod.rloo().withKl(KlController.fixed(0));
    List<Metrics> free = run(method).metrics();
    List<Metrics> bound = run(method.withKl(KlController.fixed(0.5))).metrics();
    List<Metrics> inLoss = run(method.withLoss(PolicyLoss.ppo().withKl(KlPenalty.k3(2)))).metrics();
    double last = mean(free.subList(16, 20), "kl");
    assertThat(mean(bound.subList(16, 20), "kl")).isLessThan(0.6 * last);
    assertThat(mean(inLoss.subList(16, 20), "kl")).isLessThan(0.6 * last);
  }

  /** A penalty too weak to be felt leaves the metric what it is without one. */
  @Test
  void theDivergenceIsThatOfCompletionsAlsoWithAPenaltyInTheLoss() {
    PolicyMethod method = PolicyMethod.rloo().withKl(KlController.fixed(0));
    List<Metrics> free = run(method.withLoss(PolicyLoss.ppo())).metrics();
    List<Metrics> weak =
        run(method.withLoss(PolicyLoss.ppo().withKl(KlPenalty.k3(1e-9)))).metrics();
    for (int i = 0; i < 4; i++) {
      double expected = free.get(i).values().get("kl");
      assertThat(weak.get(i).values().get("kl")).isCloseTo(expected, within(1e-5));
      assertThat(free.get(i).values()).doesNotContainKey("kl_per_token");
    }
    assertThat(mean(weak.subList(16, 20), "kl"))
        .isGreaterThan(0.6 * mean(free.subList(16, 20), "kl"));
    assertThat(mean(weak.subList(16, 20), "kl_per_token"))
        .isPositive()
        .isLessThan(0.5 * mean(weak.subList(16, 20), "kl"));
  }

  private FineTuningResult run(PolicyMethod method) {
    FineTuningResult result = trainer(method).epochs(10).learningRate(5e-3).train(prompts(8));
    result.model().close();
    return result;
  }

  @Test
  void equalRewardsTeachNothing() {
    PolicyTrainer trainer =
        PolicyTrainer.of(base, PolicyMethod.dapo())
            .reward(RewardFunction.each("one", r -> 1))
            .rollouts(RolloutOptions.of(LENGTH))
            .batchSize(4);
    FineTuningResult result = trainer.train(prompts(4));
    assertThat(result.metrics().get(0).values())
        .containsEntry("frac_reward_zero_std", 1.0)
        .doesNotContainKey("loss");
    assertThat(result.model().id()).isEqualTo(base.id());
    result.model().close();
  }

  /** The step is that of the others alone. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05})
  void completionsWithoutARewardAreNotLearnedFrom(double beta) {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction some =
        new RewardFunction() {
          @Override
          public String name() {
            return "some";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            seen.addAll(answers);
            return answers.stream()
                .map(a -> a.sample() == 0 ? OptionalDouble.empty() : OptionalDouble.of(a.sample()))
                .toList();
          }
        };
    PolicyTrainer trainer =
        PolicyTrainer.of(base, PolicyMethod.grpo().withKl(KlController.fixed(beta)))
            .missingEndPenalty(3)
            .overlong(new SoftOverlong(LENGTH, 2))
            .learningRate(1e-2)
            .rollouts(RolloutOptions.of(LENGTH));
    try (PolicyTraining training = trainer.reward(some).begin(prompts(2));
        PolicyTraining others = trainer.beginGiven(1)) {
      Map<String, Double> metrics = training.step().values();
      others.step(List.of(rewarded(seen.subList(1, 8)), rewarded(seen.subList(9, 16))));
      try (DecoderModel one = training.model();
          DecoderModel other = others.model()) {
        SmallPolicies.same(one, other);
        assertThat(one.id()).isNotEqualTo(base.id());
      }
      assertThat(metrics.get("rewards/some/mean")).isEqualTo(4);
      assertThat(metrics.get("rewards/missing_end/mean"))
          .isCloseTo(-3 * metrics.get("completions/clipped_ratio"), within(1.5));
      assertThat(metrics).containsKey("rewards/overlong/mean");
    }
  }

  private static RewardedGroup rewarded(List<Rollout> members) {
    return new RewardedGroup(
        members.get(0).promptTokens(),
        members.stream()
            .map(r -> new RewardedAnswer(r.tokens(), r.truncated(), some(r), null))
            .toList());
  }

  private static Map<String, Double> some(Rollout rollout) {
    return Map.of("some", (double) rollout.sample());
  }

  private static RewardFunction named(String name) {
    return RewardFunction.each(name, r -> 0);
  }

  @Test
  void namesOfRewardsAreTheirOwn() {
    PolicyTrainer trainer = trainer(PolicyMethod.grpo());
    SoftOverlong overlong = new SoftOverlong(LENGTH, 2);
    assertThatThrownBy(() -> trainer.overlong(overlong).reward(named("overlong")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a reward must not have the name of a penalty but was 'overlong'; take another name");
    assertThatThrownBy(() -> trainer.reward(named("overlong")).overlong(overlong))
        .hasMessageContaining("'overlong'");
    assertThatThrownBy(() -> trainer.reward(named("missing_end")).missingEndPenalty(1))
        .hasMessageContaining("'missing_end'");
    assertThatThrownBy(() -> trainer.reward(named("kl_penalty")))
        .hasMessageContaining("'kl_penalty'");
    assertThatThrownBy(() -> trainer.reward(named("a\nb")))
        .hasMessageContaining("no control characters but was 'a\ufffdb'");
    assertThat(trainer.reward(named("overlong")).reward(named("missing_end"))).isNotNull();
    RewardedAnswer answer =
        new RewardedAnswer(TokenIds.of(2), false, Map.of("missing_end", 1.0), null);
    RewardedGroup group = new RewardedGroup(TokenIds.of(1), List.of(answer, answer));
    try (PolicyTraining training = trainer.missingEndPenalty(1).beginGiven(1)) {
      assertThatThrownBy(() -> training.step(List.of(group)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'missing_end'");
    }
  }

  @Test
  void badInputIsRefusedByName() {
    PolicyTrainer trainer = trainer(PolicyMethod.grpo());
    assertThatThrownBy(() -> trainer.train(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompts must hold at least one");
    assertThatThrownBy(() -> PolicyTrainer.of(base, PolicyMethod.grpo()).train(prompts(2)))
        .hasMessageContaining("a policy needs a reward");
    assertThatThrownBy(() -> trainer.reward(REWARD)).hasMessageContaining("two are 'wanted'");
    assertThatThrownBy(() -> trainer.limits(SequenceLimits.of(16)).train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("limits are of examples that are given", "maxLength=16");
    assertThatThrownBy(() -> trainer.limits(SequenceLimits.of(16)).beginGiven(2))
        .hasMessageContaining("limits are of examples that are given");
    assertThatThrownBy(
            () -> trainer.train(List.of(Prompt.tokens(1, 2), Prompt.tokens(new int[28]))))
        .hasMessageContainingAll("prompt 1 has 28", "context of 32 tokens");
    assertThatThrownBy(() -> trainer(PolicyMethod.grpo().withGroupSize(1)).train(prompts(2)))
        .hasMessageContaining("groups of at least 2");
    assertThatThrownBy(() -> trainer(PolicyMethod.grpo().withUpdates(1, 5)).train(prompts(8)))
        .hasMessageContaining("miniBatches must be at most the prompts of a step, 4");
    assertThatThrownBy(
            () -> trainer.noise(TrainingNoise.none().adapterDropout(0.5)).train(prompts(2)))
        .hasMessageContaining("adapterDropout");
    RewardFunction broken =
        RewardFunction.each("broken", r -> r.prompt() == 1 && r.sample() == 2 ? Double.NaN : 0);
    assertThatThrownBy(
            () ->
                PolicyTrainer.of(base, PolicyMethod.grpo())
                    .reward(broken)
                    .rollouts(RolloutOptions.of(LENGTH))
                    .train(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("reward 'broken'", "step 1", "NaN");
  }
}
