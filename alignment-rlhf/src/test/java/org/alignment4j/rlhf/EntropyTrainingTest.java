package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.AdaptiveEntropyController;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole runs that act upon the entropy of a small policy which is paid for one token. */
class EntropyTrainingTest {

  private static final int VOCAB = 12;

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

  private List<Metrics> run(EntropyUse use) {
    Random random = new Random(3);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      prompts.add(Prompt.tokens(random.ints(2 + i % 3, 0, VOCAB).toArray()));
    }
    FineTuningResult result =
        PolicyTrainer.of(base, PolicyMethod.grpo())
            .reward(
                RewardFunction.each(
                    "wanted", r -> r.tokens().stream().filter(t -> t == 5).count() / 6.0))
            .rollouts(RolloutOptions.of(6))
            .batchSize(4)
            .learningRate(2e-2)
            .adapter(Lora.rank(4))
            .epochs(25)
            .entropy(use)
            .train(prompts);
    result.model().close();
    return result.metrics();
  }

  private static double last(List<Metrics> metrics, String name) {
    return metrics.subList(metrics.size() - 5, metrics.size()).stream()
        .mapToDouble(m -> m.values().get(name))
        .average()
        .orElseThrow();
  }

  @Test
  void aBonusKeepsThePolicyUnsure() {
    List<Metrics> free = run(EntropyUse.measured());
    List<Metrics> bound = run(EntropyUse.bonus(3));
    assertThat(last(free, "reward")).isGreaterThan(0.6);
    assertThat(last(free, "entropy_coef")).isZero();
    assertThat(last(bound, "entropy_coef")).isEqualTo(3);
    assertThat(last(bound, "entropy")).isGreaterThan(last(free, "entropy") + 0.5);
  }

  /**
   * The weight rises from 0 once the entropy is below the target, which it then does not leave far.
   */
  @Test
  void anAdaptiveBonusHoldsTheTarget() {
    List<Metrics> free = run(EntropyUse.measured());
    assertThat(last(free, "entropy")).isLessThan(1.2);
    List<Metrics> held = run(EntropyUse.bonus(AdaptiveEntropyController.of(0, 0, 5, 0.2, 1.6)));
    assertThat(held.get(0).values().get("entropy_coef")).isZero();
    assertThat(last(held, "entropy")).isGreaterThan(last(free, "entropy") + 0.3);
    assertThat(held.stream().mapToDouble(m -> m.values().get("entropy_coef")).max().orElseThrow())
        .isGreaterThan(0.3);
  }

  @Test
  void aFifthOfTheTokensIsEnoughToLearnFrom() {
    List<Metrics> few = run(EntropyUse.none().withTokens(0.2));
    assertThat(few.get(0).values().get("reward")).isLessThan(0.25);
    assertThat(last(few, "reward")).isGreaterThan(0.5);
    assertThat(few.get(0).values()).containsKey("entropy").doesNotContainKey("entropy_coef");
  }
}
