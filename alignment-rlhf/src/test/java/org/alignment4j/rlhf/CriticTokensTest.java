package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Critics that start from reward models of text. */
class CriticTokensTest {

  @TempDir Path folder;

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = TestModels.pocket(folder.resolve("base"));
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static SequenceClassifier rewards(DecoderModel model) {
    int width = model.architecture().config().embeddingSize();
    return SequenceClassifier.of(
        model, InitialWeights.matrix(SequenceScores.WEIGHT, 1, width, 0.1, 3));
  }

  private PolicyTrainer trainer(SequenceClassifier critic) {
    return PolicyTrainer.of(base, PolicyMethod.ppo().withUpdates(1, 1))
        .reward(RewardFunction.each("length", r -> r.text().length()))
        .critic(Critic.standard().adapter(Lora.rank(2)).from(critic))
        .adapter(Lora.rank(2))
        .rollouts(RolloutOptions.of(6))
        .batchSize(2);
  }

  private static List<Prompt> prompts() {
    return List.of(Prompt.text("Where was Daisy born?"), Prompt.text("When?"));
  }

  @Test
  void aRewardModelOfTheSameTokensIsTakenUp() {
    try (TrainedRewardModel rewards = TrainedRewardModel.of(rewards(base));
        PolicyTraining training =
            trainer(rewards.classifier())
                .reward(RewardFunction.of("learned", rewards))
                .begin(prompts())) {
      Map<String, Double> metrics = training.step().values();
      assertThat(metrics.get("value_mean")).isNotZero();
      assertThat(metrics).containsKey("rewards/learned/mean");
      try (SequenceClassifier critic = training.critic().orElseThrow()) {
        assertThat(critic.adapter()).isNotNull();
        assertThatThrownBy(
                () -> trainer(critic).critic(Critic.standard().from(critic)).begin(prompts()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("must start without an adapter");
        // and trained further in its own adapter
        try (PolicyTraining further = trainer(critic).begin(prompts())) {
          assertThat(further.step().values()).containsKey("value_loss");
        }
      }
    }
  }

  @Test
  void aRewardModelOfOtherTokensIsRefused() throws IOException {
    Path other = PocketModel.copyTo(folder.resolve("other"));
    Path file = other.resolve("tokenizer.json");
    String text = Files.readString(file);
    String swapped =
        text.replace("\"Ā\" : 2", "\"Ā\" : 9999")
            .replace("\"ā\" : 3", "\"ā\" : 2")
            .replace("\"Ā\" : 9999", "\"Ā\" : 3");
    assertThat(swapped).isNotEqualTo(text);
    Files.writeString(file, swapped);
    try (DecoderModel model = DecoderModel.load(other);
        SequenceClassifier rewards = rewards(model)) {
      assertThatThrownBy(() -> trainer(rewards).begin(prompts()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("reads the policy's tokens", "token 2 is");
    }
  }
}
