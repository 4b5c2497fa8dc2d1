package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prompts that cannot be read, and answers of which none is left. */
class BadPromptsTest {

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = SmallPolicies.model();
  }

  @AfterEach
  void close() {
    base.close();
  }

  @Test
  void promptsThatCannotBeReadAreNamedByTheirPlace() {
    Map<Prompt, String> bad =
        Map.of(
            Prompt.tokens(new int[0]), "prompts[1]: a prompt must have at least one token",
            Prompt.tokens(1, 99), "prompts[1]: token ids must be below the vocabulary's 12",
            Prompt.text("words"), "prompts[1]: a text or conversation needs a tokenizer",
            Prompt.tokens(new int[SmallPolicies.CONTEXT]),
                "context of 32 tokens but prompt 1 has 32 and maxNewTokens is 4; shorten",
            Prompt.tokens(new int[29]), "prompt 1 has 29 and maxNewTokens is 4");
    bad.forEach(
        (prompt, message) -> {
          List<Prompt> prompts = List.of(Prompt.tokens(1), prompt);
          RolloutOptions rollouts = RolloutOptions.of(SmallPolicies.LENGTH);
          List<Runnable> trainings =
              List.of(
                  () ->
                      SmallPolicies.trainer(base, PolicyMethod.grpo(), SmallPolicies.first())
                          .train(prompts),
                  () ->
                      RaftTrainer.of(base)
                          .reward(SmallPolicies.first())
                          .rollouts(rollouts)
                          .train(prompts),
                  () ->
                      OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
                          .reward(SmallPolicies.first())
                          .rollouts(rollouts)
                          .train(prompts));
          for (Runnable training : trainings) {
            assertThatThrownBy(training::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
          }
        });
  }

  @Test
  void selectionAndPairsSayWhyNothingIsLeft() {
    assertThatThrownBy(
            () ->
                RaftTrainer.of(base)
                    .reward(SmallPolicies.silent())
                    .rollouts(RolloutOptions.of(SmallPolicies.LENGTH))
                    .samples(2)
                    .train(SmallPolicies.prompts(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "iteration 1", "none of 6", "6 have no reward", "give a reward that has an opinion");
    for (RewardFunction reward :
        List.of(SmallPolicies.silent(), RewardFunction.each("equal", r -> 1))) {
      FineTuningResult result =
          OnlinePreferenceTrainer.of(base, PreferenceLoss.dpo(0.1))
              .reward(reward)
              .rollouts(RolloutOptions.of(SmallPolicies.LENGTH))
              .train(SmallPolicies.prompts(3));
      Map<String, Double> metrics = SmallPolicies.finite(result.metrics().get(0));
      assertThat(metrics)
          .containsEntry("pairs/kept", 0.0)
          .containsEntry(reward.name().equals("equal") ? "pairs/ties" : "pairs/unscored", 1.0)
          .doesNotContainKey("loss");
      SmallPolicies.same(result.model(), base);
      result.model().close();
    }
  }
}
