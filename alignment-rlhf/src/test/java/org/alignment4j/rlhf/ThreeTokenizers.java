package org.alignment4j.rlhf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A policy with one real tokenizer, and reward models with two others. */
abstract class ThreeTokenizers {

  private static final String END = "<|endoftext|>";

  static DecoderModel policy;
  static DecoderModel neox;
  static TrainedRewardModel other;
  static TrainedRewardModel withBeginning;

  @BeforeAll
  static void open(@TempDir Path folder) throws IOException {
    policy = model(folder.resolve("policy"), "gpt2", 50_257);
    neox = model(folder.resolve("reward"), "gpt-neox", 50_277);
    other = rewards(neox);
    try (DecoderModel llama = DecoderModel.load(SharedFiles.require("models/stories260K"))) {
      withBeginning = rewards(llama);
    }
  }

  private static DecoderModel model(Path folder, String tokenizer, int vocabulary)
      throws IOException {
    Files.createDirectories(folder);
    Files.copy(
        SharedFiles.require("tokenizers/" + tokenizer + "/tokenizer.json"),
        folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\":\"%s\",\"eos_token\":\"%s\"}".formatted(END, END));
    ConfigJson config =
        TestModels.config("llama", vocabulary, 8, 1, tokenizer.equals("gpt2") ? 64 : 40)
            .with("eos_token_id", 0);
    return DecoderModel.of(
        config,
        TestModels.weights(config, 0.4),
        folder,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  static TrainedRewardModel rewards(DecoderModel model) {
    int width = model.architecture().config().embeddingSize();
    return TrainedRewardModel.of(
        SequenceClassifier.of(model, InitialWeights.matrix(SequenceScores.WEIGHT, 1, width, 1, 3)));
  }

  @AfterAll
  static void close() {
    for (AutoCloseable model : new AutoCloseable[] {policy, neox, other, withBeginning}) {
      try {
        if (model != null) {
          model.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static List<Prompt> texts() {
    return List.of(Prompt.text("The answer is"), Prompt.text("Überraschung: 12345 naïve cafés"));
  }

  static List<Prompt> tokens() {
    return List.of(
        Prompt.text("The answer is"), Prompt.tokens(policy.tokenizer().encode("The answer")));
  }

  static PolicyTrainer trainer(RewardFunction... rewards) {
    PolicyTrainer trainer =
        PolicyTrainer.of(policy, PolicyMethod.grpo().withGroupSize(3))
            .rollouts(RolloutOptions.of(6))
            .batchSize(2);
    for (RewardFunction reward : rewards) {
      trainer = trainer.reward(reward);
    }
    return trainer;
  }
}
