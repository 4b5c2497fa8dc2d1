package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;

/** Critics, constraints and bounds of updates that do not fit. */
class BadCriticsTest extends CriticTrainings {

  @Test
  void badInputIsRefusedByName() {
    LagrangeMultiplier multiplier = LagrangeMultiplier.standard(0);
    assertThatThrownBy(
            () ->
                PolicyTrainer.of(base, PolicyMethod.grpo())
                    .reward(REWARD)
                    .constraint(REWARD, multiplier)
                    .begin(prompts(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("needs a method with critics", "grpo");
    RewardFunction silent =
        new RewardFunction() {
          @Override
          public String name() {
            return "silent";
          }

          @Override
          public List<OptionalDouble> score(List<Rollout> answers, CancellationToken token) {
            return answers.stream().map(a -> OptionalDouble.empty()).toList();
          }
        };
    assertThatThrownBy(
            () ->
                trainer(PolicyVariants.ppoLagrangian())
                    .constraint(silent, multiplier)
                    .train(prompts(2)))
        .hasMessageContainingAll("cost 'silent'", "sample 0", "step 1");
    ConfigJson other = TestModels.config("llama", VOCAB + 1, 16, 1, 32);
    ConfigJson narrow = TestModels.config("llama", VOCAB, 16, 1, 8);
    try (DecoderModel model = TestModels.of(other, TestModels.weights(other, 0.1));
        DecoderModel small = TestModels.of(narrow, TestModels.weights(narrow, 0.1));
        SequenceClassifier wrong =
            SequenceClassifier.of(
                model, InitialWeights.matrix(SequenceScores.WEIGHT, 1, 16, 0.1, 3));
        SequenceClassifier tight =
            SequenceClassifier.of(
                small, InitialWeights.matrix(SequenceScores.WEIGHT, 1, 16, 0.1, 3));
        SequenceClassifier many =
            SequenceClassifier.of(
                model, InitialWeights.matrix(SequenceScores.WEIGHT, 2, 16, 0.1, 3))) {
      assertThatThrownBy(
              () ->
                  trainer(PolicyMethod.ppo())
                      .critic(Critic.standard().from(wrong))
                      .begin(prompts(2)))
          .hasMessageContainingAll("vocabulary of 12 but has 13");
      assertThatThrownBy(
              () ->
                  trainer(PolicyMethod.ppo())
                      .critic(Critic.standard().from(tight))
                      .begin(prompts(2)))
          .hasMessageContainingAll("critic's context of 8 tokens but may have 9");
      assertThatThrownBy(() -> Critic.standard().from(many)).hasMessageContaining("one label");
    }
    assertThatThrownBy(() -> Critic.standard().learningRate(0))
        .hasMessageContaining("learningRate must be positive");
    assertThatThrownBy(() -> PolicyUpdates.of(1, 1).withBounds(0, 10))
        .hasMessageContaining("maxApproxKl must be positive");
    assertThatThrownBy(() -> PolicyUpdates.of(1, 1).withBounds(1, 1))
        .hasMessageContaining("maxRatio must be above 1");
    assertThatThrownBy(() -> GroupSampling.of(2).withFilter(null, 2))
        .hasMessageContaining("rounds must be positive, and 1 where no filter");
  }
}
