package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.GroupFilter;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a step takes log-probabilities from does not change what it reports. */
class StepLogProbsTest {

  private static final int VOCAB = 12;
  private static final int LENGTH = 5;

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

  private static List<Prompt> prompts(int count) {
    Random random = new Random(3);
    return IntStream.range(0, count)
        .mapToObj(i -> (Prompt) Prompt.tokens(random.ints(2 + i % 3, 0, VOCAB).toArray()))
        .toList();
  }

  /** Of every completion, also of a group that is not learned from, in each of several steps. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void entropyAndDivergenceAreThoseOfThePolicyThatSampled(boolean adapter) {
    List<Rollout> seen = new ArrayList<>();
    RewardFunction reward =
        RewardFunction.each(
            "first",
            r -> {
              seen.add(r);
              return r.prompt() == 1 ? 0 : r.tokens().get(0);
            });
    PolicyTrainer plain =
        PolicyTrainer.of(base, PolicyMethod.grpo().withGroupSize(4).withFilter(GroupFilter.exact()))
            .reward(reward)
            .rollouts(RolloutOptions.of(LENGTH))
            .divergenceEvery(1)
            .batchSize(3)
            .epochs(4)
            .learningRate(3e-2);
    PolicyTrainer trainer = adapter ? plain.adapter(Lora.rank(3)) : plain;
    try (PolicyTraining training = trainer.begin(prompts(3))) {
      while (training.hasNext()) {
        seen.clear();
        try (DecoderModel before = training.model()) {
          Map<String, Double> metrics = training.step().values();
          assertThat(metrics.get("frac_reward_zero_std")).isPositive();
          assertThat(metrics.getOrDefault("ratio", 1.0)).isEqualTo(1);
          assertThat(metrics.getOrDefault("approx_kl", 0.0)).isZero();
          double surprise = 0;
          double tokens = 0;
          double divergence = 0;
          for (Rollout rollout : seen) {
            double sum = logProb(before, rollout);
            surprise -= sum;
            tokens += rollout.tokens().size();
            divergence += (sum - logProb(base, rollout)) / seen.size();
          }
          assertThat(metrics.get("entropy")).isCloseTo(surprise / tokens, within(1e-5));
          assertThat(metrics.get("kl")).isCloseTo(divergence, within(1e-5));
          assertThat(metrics.get("sampling/sampling_logp_difference/max")).isLessThan(1e-4);
          assertThat(metrics).doesNotContainKey(PolicyObjective.LOG_PROBS);
        }
      }
    }
  }

  private static double logProb(DecoderModel model, Rollout rollout) {
    return model
        .logProbabilities(
            List.of(Continuation.of(Prompt.tokens(rollout.promptTokens()), rollout.tokens())))
        .get(0)
        .sum();
  }

  @Test
  void theDivergenceIsReportedWhereItIsMeasured() {
    PolicyTrainer trainer =
        PolicyTrainer.of(base, PolicyMethod.grpo().withGroupSize(2))
            .reward(RewardFunction.each("first", r -> r.tokens().get(0)))
            .rollouts(RolloutOptions.of(LENGTH))
            .learningRate(1e-2)
            .batchSize(2)
            .epochs(11);
    assertThat(measured(trainer)).containsExactly(1L, 10L, 11L);
    assertThat(measured(trainer.divergenceEvery(3))).containsExactly(1L, 3L, 6L, 9L, 11L);
    assertThatThrownBy(() -> trainer.divergenceEvery(0))
        .hasMessage("divergenceEvery must be at least 1 but was 0");
  }

  private static List<Long> measured(PolicyTrainer trainer) {
    FineTuningResult result = trainer.train(prompts(2));
    result.model().close();
    return result.metrics().stream()
        .filter(m -> m.values().containsKey("kl"))
        .map(Metrics::step)
        .toList();
  }
}
