package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reward models of a real small model, from text to rewards. */
class RewardModelTrainerTest extends StoryRewards {

  private static int promptTokens(TrainedRewardModel model, String prompt) {
    return model.classifier().tokenizer().encodeWithSpecialTokens(prompt).size();
  }

  @Test
  void learnsToTellAnswersApart(@TempDir Path folder) {
    String before = base.id();
    RewardModelResult result = rewards().epochs(8).train(pairs());
    try (TrainedRewardModel model = result.model()) {
      List<Metrics> metrics = result.metrics();
      assertThat(metrics).hasSize(16);
      Metrics last = metrics.get(15);
      assertThat(value(last, "rewards/accuracies")).isEqualTo(1);
      assertThat(value(last, "loss")).isLessThan(0.3);
      assertThat(value(last, "rewards/margins"))
          .isCloseTo(value(last, "rewards/chosen") - value(last, "rewards/rejected"), within(1e-5));
      double[] scores = values(model, answers());
      for (int i = 0; i < scores.length; i += 2) {
        assertThat(scores[i]).isGreaterThan(scores[i + 1]);
      }
      model.save(folder.resolve("saved"));
      try (TrainedRewardModel again = TrainedRewardModel.load(folder.resolve("saved"))) {
        assertThat(values(again, answers())).containsExactly(scores);
        assertThat(again.id()).isEqualTo(model.id());
      }
      assertThat(base.id()).isEqualTo(before);
    }
  }

  @Test
  void theFirstUpdateSeesTheRewardsOfTheNewHead() {
    PreferencePair graded =
        new PreferencePair(
            pairs().get(0).prompt(),
            pairs().get(0).chosen(),
            pairs().get(0).rejected(),
            0.9,
            OptionalDouble.of(0.4),
            null);
    List<PreferencePair> pairs = List.of(graded, pairs().get(1));
    int hidden = base.architecture().config().hiddenSize();
    RewardModelResult result =
        rewards().epochs(1).loss(new BradleyTerryLoss(2, 0.1)).headDeviation(0.5).train(pairs);
    result.model().close();
    Metrics first = result.metrics().get(0);
    try (TrainedRewardModel start =
        TrainedRewardModel.of(
            SequenceClassifier.of(base, InitialWeights.matrix("h", 1, hidden, 0.5, 3)))) {
      double[] r = values(start, answers().subList(0, 4));
      double d = r[0] - r[1];
      double graded1 =
          0.9 * Math.log1p(Math.exp(2 * 0.4 - d)) + 0.1 * Math.log1p(Math.exp(2 * 0.4 + d));
      double plain = Math.log1p(Math.exp(r[3] - r[2]));
      double centred = 0.1 * (Math.pow(r[0] + r[1], 2) + Math.pow(r[2] + r[3], 2));
      assertThat(value(first, "loss")).isCloseTo((graded1 + plain + centred) / 2, within(1e-4));
      assertThat(value(first, "rewards/chosen"))
          .isCloseTo((0.9 * r[0] + 0.1 * r[1] + r[2]) / 2, within(1e-4));
      assertThat(value(first, "rewards/rejected"))
          .isCloseTo((0.9 * r[1] + 0.1 * r[0] + r[3]) / 2, within(1e-4));
      assertThat(value(first, "rewards/margins"))
          .isCloseTo((0.8 * (r[0] - r[1]) + r[2] - r[3]) / 2, within(1e-4));
      assertThat(value(first, "rewards/accuracies"))
          .isCloseTo(((r[0] > r[1] ? 0.9 : 0.1) + (r[2] > r[3] ? 1 : 0)) / 2, within(1e-6));
    }
    RewardModelResult zero = rewards().epochs(1).headDeviation(0).train(pairs());
    zero.model().close();
    assertThat(value(zero.metrics().get(0), "loss")).isCloseTo(Math.log(2), within(1e-6));
    assertThat(value(zero.metrics().get(0), "rewards/accuracies")).isEqualTo(0.5);
  }

  @Test
  void theHeadIsAsWideAsWhatTheOutputHeadReads() {
    ConfigJson config =
        ConfigJson.of(
            "config.json",
            Map.of(
                "model_type", "opt",
                "vocab_size", base.architecture().config().vocabSize(),
                "hidden_size", 16,
                "word_embed_proj_dim", 8,
                "do_layer_norm_before", false,
                "num_hidden_layers", 1,
                "num_attention_heads", 2,
                "ffn_dim", 24,
                "max_position_embeddings", 64));
    try (DecoderModel narrow =
        DecoderModel.of(
            config,
            TestModels.weights(config, 0.2),
            SharedFiles.require("models/stories260K"),
            ModelOptions.defaults().device(DevicePolicy.CPU))) {
      RewardModelResult result =
          RewardModelTrainer.of(narrow)
              .learningRate(1e-2)
              .batchSize(6)
              .epochs(60)
              .seed(3)
              .train(pairs());
      try (TrainedRewardModel model = result.model()) {
        assertThat(model.classifier().weights().get(SequenceScores.WEIGHT).shape())
            .containsExactly(1, 8);
        List<Metrics> metrics = result.metrics();
        assertThat(value(metrics.get(metrics.size() - 1), "rewards/accuracies")).isEqualTo(1);
      }
    }
  }

  @Test
  void rewardsDoNotDependOnTheBatch() {
    try (TrainedRewardModel model = rewards().epochs(1).train(pairs()).model()) {
      List<PromptCompletion> answers = answers();
      double[] together = values(model, answers);
      for (int i = 0; i < answers.size(); i++) {
        assertThat(values(model, List.of(answers.get(i)))[0]).isCloseTo(together[i], within(1e-5));
      }
      PromptCompletion answer = answers.get(0);
      int eos = model.classifier().tokenizer().eosIds().iterator().next();
      assertThat(model.tokens(answer).get(model.tokens(answer).size() - 1)).isEqualTo(eos);
      assertThat(model.answerTokens(answer))
          .isEqualTo(model.tokens(answer).size() - promptTokens(model, "One day Tim saw"));
      // "ba" + "ll" has no boundary between tokens.
      assertThat(values(model, List.of(new PromptCompletion(Prompt.text("a ba"), "ll"))))
          .containsExactly(
              values(model, List.of(new PromptCompletion(Prompt.text("a"), " ball"))),
              within(1e-5));
      assertThatThrownBy(
              () ->
                  model.score(
                      List.of(answer, new PromptCompletion(Prompt.text("a"), " ball".repeat(600)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "answers[1]: prompt and answer must fit the reward model's context of 512 tokens");
    }
  }

  @Test
  void learnersGiveRewardModels() {
    RewardLearner<PreferencePair> learner =
        RewardModelTrainer.learner(t -> t.learningRate(1e-3).batchSize(6));
    try (TrainedRewardModel first =
            (TrainedRewardModel) learner.train(base, pairs(), TrainingContext.of(1));
        TrainedRewardModel second =
            (TrainedRewardModel) learner.train(base, pairs(), TrainingContext.of(2))) {
      assertThat(first.id()).isNotEqualTo(second.id());
    }
    int hidden = base.architecture().config().hiddenSize();
    try (SequenceClassifier two =
        SequenceClassifier.of(base, InitialWeights.matrix("h", 2, hidden, 0.1, 3))) {
      assertThatThrownBy(() -> TrainedRewardModel.of(two))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a reward model must have one label but 2 were given");
    }
  }
}
