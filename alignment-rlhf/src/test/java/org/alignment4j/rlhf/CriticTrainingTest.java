package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.GroupSampling.Truncated;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.rlhf.advantage.ScorePlacement;
import org.alignment4j.rlhf.advantage.TokenRewards;
import org.alignment4j.rlhf.policy.ValueLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.SgdConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies trained beside critics, on small models whose rewards are known. */
class CriticTrainingTest extends CriticTrainings {

  private SequenceClassifier valued(double deviation) {
    return SequenceClassifier.of(
        base, InitialWeights.matrix(SequenceScores.WEIGHT, 1, 16, deviation, 3));
  }

  static Stream<Critic> critics() {
    return Stream.of(
        Critic.standard().learningRate(1e-2),
        Critic.standard().learningRate(2e-2).adapter(Lora.rank(4)),
        Critic.safeRlhf().loss(ValueLoss.squared(), 0.5).learningRate(1e-2));
  }

  @ParameterizedTest
  @MethodSource("critics")
  void learnsWhatIsRewardedAndWhatItIsWorth(Critic critic) {
    FineTuningResult result =
        trainer(PolicyMethod.ppo().withKl(KlController.fixed(0.002)).withUpdates(4, 2))
            .critic(critic)
            .adapter(Lora.rank(4))
            .schedule(LearningRateSchedule.constant(1e-2))
            .epochs(12)
            .train(prompts(32));
    List<Metrics> metrics = result.metrics();
    assertThat(metrics).hasSize(24);
    assertThat(mean(metrics.subList(0, 2), "reward")).isLessThan(0.3);
    assertThat(mean(metrics.subList(21, 24), "reward")).isGreaterThan(0.6);
    assertThat(mean(metrics.subList(0, 1), "explained_variance")).isCloseTo(0, within(1e-6));
    assertThat(mean(metrics.subList(21, 24), "value_mean"))
        .isCloseTo(mean(metrics.subList(21, 24), "reward"), within(0.1));
    assertThat(metrics.get(0).values())
        .containsKeys("value_loss", "value_mean", "value_grad_norm", "value_learning_rate")
        .containsKeys("entropy", "kl", "ratio", "approx_kl", "clip_ratio/region_mean");
    result.model().close();
  }

  /** Of completions of a policy that stays, some of what can be known is known in the end. */
  @Test
  void aCriticLearnsAlone() {
    RewardFunction low =
        RewardFunction.each(
            "low", r -> Arrays.stream(r.tokens().toArray()).filter(t -> t < 6).count() / 6.0);
    FineTuningResult result =
        PolicyTrainer.of(base, PolicyMethod.ppo().withKl(KlController.fixed(0)).withUpdates(2, 2))
            .reward(low)
            .critic(Critic.safeRlhf().schedule(LearningRateSchedule.constant(5e-3)))
            .rollouts(RolloutOptions.of(LENGTH))
            .schedule(LearningRateSchedule.constant(0))
            .batchSize(64)
            .epochs(15)
            .train(prompts(64));
    List<Metrics> metrics = result.metrics();
    assertThat(mean(metrics.subList(0, 1), "explained_variance")).isCloseTo(0, within(1e-6));
    assertThat(mean(metrics.subList(10, 15), "explained_variance")).isGreaterThan(0.08);
    assertThat(mean(metrics.subList(10, 15), "value_loss"))
        .isLessThan(0.5 * mean(metrics.subList(0, 1), "value_loss"));
    assertThat(result.model().id()).isEqualTo(base.id());
    result.model().close();
  }

  @Test
  void theFirstUpdateIsOfThePolicyAndTheCriticThatValued() {
    try (SequenceClassifier start = valued(0.5);
        PolicyTraining training =
            trainer(PolicyMethod.ppo().withUpdates(1, 1))
                .critic(Critic.standard().from(start))
                .begin(prompts(16))) {
      Map<String, Double> first = training.step().values();
      assertThat(first.get("ratio")).isCloseTo(1, within(1e-6));
      assertThat(first.get("clip_ratio/region_mean")).isZero();
      assertThat(first.get("value_clip_ratio")).isZero();
      assertThat(first.get("value_error")).isCloseTo(2 * first.get("value_loss"), within(1e-5));
      assertThat(first.get("kl")).isCloseTo(0, within(1e-5));
      assertThat(first.get("skipped_updates")).isZero();
    }
  }

  @Test
  void withoutALearningRateNothingChanges() {
    try (SequenceClassifier start = valued(0.5)) {
      LearningRateSchedule none = LearningRateSchedule.constant(0);
      PolicyTrainer trainer =
          trainer(PolicyMethod.ppo())
              .schedule(none)
              .critic(Critic.standard().from(start).schedule(none));
      try (PolicyTraining training = trainer.begin(prompts(16))) {
        Map<String, Double> metrics = training.step().values();
        assertThat(metrics.get("ratio")).isCloseTo(1, within(1e-6));
        assertThat(metrics.get("approx_kl")).isCloseTo(0, within(1e-9));
        try (DecoderModel policy = training.model();
            SequenceClassifier critic = training.critic().orElseThrow()) {
          assertThat(policy.id()).isEqualTo(base.id());
          assertThat(critic.weights().contentHash()).isEqualTo(start.weights().contentHash());
        }
      }
    }
  }

  /** Every update of a step has a rate of its own. */
  @Test
  void schedulesCountUpdates() {
    LearningRateSchedule rates = LearningRateSchedule.linear(1e-3);
    PolicyTrainer trainer =
        trainer(PolicyMethod.ppo().withUpdates(PolicyUpdates.of(2, 2)))
            .batchSize(4)
            .schedule(rates)
            .critic(Critic.standard().schedule(LearningRateSchedule.linear(2e-3)));
    try (PolicyTraining training = trainer.begin(prompts(8))) {
      for (int step = 0; training.hasNext(); step++) {
        Map<String, Double> metrics = training.step().values();
        double mean = 0;
        for (int at = 4 * step; at < 4 * step + 4; at++) {
          mean += rates.at(at, 8) / 4;
        }
        assertThat(metrics.get("learning_rate")).isCloseTo(mean, within(1e-15));
        assertThat(metrics.get("value_learning_rate")).isCloseTo(2 * mean, within(1e-15));
      }
    }
  }

  /** A policy that has moved too far stops learning from a step; its critic goes on. */
  @Test
  void boundsLeaveUpdatesOut() {
    PolicyMethod method = PolicyMethod.ppo().withUpdates(4, 2);
    try (PolicyTraining free = trainer(method).learningRate(0.1).begin(prompts(16));
        PolicyTraining bound =
            trainer(method.withUpdates(method.updates().withBounds(1e-6, 10)))
                .learningRate(0.1)
                .schedule(LearningRateSchedule.constant(0.1))
                .begin(prompts(16))) {
      free.step();
      Map<String, Double> metrics = bound.step().values();
      assertThat(metrics.get("skipped_updates")).isEqualTo(7 / 8.0);
      assertThat(bound.networks().stream().map(Network::updates)).containsExactly(1L, 8L);
    }
    // values of 0 and rewards of 1: every sampled token is to become more probable
    PolicyUpdates ratio = method.updates().withBounds(Double.POSITIVE_INFINITY, 1.01);
    try (PolicyTraining bound =
        PolicyTrainer.of(
                base, PolicyVariants.ppoLagrangian().withName("unbounded").withUpdates(ratio))
            .reward(RewardFunction.each("one", r -> 1))
            .rollouts(RolloutOptions.of(LENGTH))
            .schedule(LearningRateSchedule.constant(0.02))
            .begin(prompts(16))) {
      Map<String, Double> metrics = bound.step().values();
      long made = bound.networks().get(0).updates();
      assertThat(made).isBetween(1L, 4L);
      assertThat(metrics.get("skipped_updates")).isEqualTo(1 - made / 8.0);
    }
  }

  @ParameterizedTest
  @EnumSource(ScorePlacement.class)
  void truncatedCompletionsMayBeBootstrapped(ScorePlacement placement) {
    TokenRewards rewards = new TokenRewards(KlEstimator.K3, placement, Integer.MAX_VALUE, 10, 50);
    PolicyMethod method =
        PolicyMethod.ppo()
            .withTokenRewards(rewards)
            .withUpdates(1, 1)
            .withKl(KlController.fixed(0));
    PolicyMethod bootstrapped =
        method.withGroups(method.groups().withTruncated(Truncated.BOOTSTRAPPED));
    try (SequenceClassifier start = valued(0.5);
        PolicyTraining finished =
            trainer(method).critic(Critic.standard().from(start)).begin(prompts(16));
        PolicyTraining open =
            trainer(bootstrapped).critic(Critic.standard().from(start)).begin(prompts(16))) {
      Map<String, Double> a = finished.step().values();
      Map<String, Double> b = open.step().values();
      assertThat(a.get("completions/clipped_ratio")).isPositive();
      assertThat(b.get("reward")).isEqualTo(a.get("reward"));
      assertThat(b.get("value_mean")).isCloseTo(a.get("value_mean"), within(1e-6));
      assertThat(b.get("value_error")).isNotCloseTo(a.get("value_error"), within(1e-3));
    }
    assertThatThrownBy(
            () ->
                PolicyMethod.grpo()
                    .withGroups(GroupSampling.of(4).withTruncated(Truncated.BOOTSTRAPPED)))
        .hasMessageContaining("grpo has none of");
  }

  /** A completion that is its end token alone has one state, and is learned from. */
  @Test
  void completionsOfOneToken() {
    try (PolicyTraining training =
        trainer(PolicyMethod.ppo())
            .rollouts(RolloutOptions.of(1))
            .optimizer(SgdConfig.defaults())
            .begin(List.of(Prompt.tokens(TokenIds.of(3))))) {
      Map<String, Double> metrics = training.step().values();
      assertThat(metrics.get("completions/mean_length")).isEqualTo(1);
      // one state in the step: nothing to whiten, no advantage
      assertThat(metrics.get("loss")).isCloseTo(0, within(1e-12));
      assertThat(metrics.get("value_loss")).isNotNegative();
    }
  }
}
