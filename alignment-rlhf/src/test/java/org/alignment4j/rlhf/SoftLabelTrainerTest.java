package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.SoftLabel;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.JudgedSequences;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.ConfidenceLoss;
import org.alignment4j.rlhf.loss.ConfidenceLoss.WarmUp;
import org.alignment4j.rlhf.loss.ProductLoss;
import org.alignment4j.rlhf.loss.SoftCrossEntropy;
import org.alignment4j.rlhf.loss.SoftLabelLoss;
import org.alignment4j.rlhf.loss.SoftLabelLosses;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classifiers of soft labels on a real small model, from text to log-odds. */
class SoftLabelTrainerTest extends PocketTraining {

  private static final double STILL = 1e-30;

  private static List<SoftLabel> labels() {
    List<SoftLabel> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(new SoftLabel(pair.prompt(), pair.chosen(), 0.9));
      labels.add(new SoftLabel(pair.prompt(), pair.rejected(), 0.2));
    }
    return labels;
  }

  private static double[] score(TrainedRewardModel model) {
    return model
        .score(
            labels().stream().map(l -> new PromptCompletion(l.prompt(), l.completion())).toList(),
            CancellationToken.none())
        .stream()
        .mapToDouble(Reward::value)
        .toArray();
  }

  private static SoftLabelTrainer trainer(SoftLabelLoss loss) {
    return SoftLabelTrainer.of(base).loss(loss).seed(3);
  }

  /** The quantile is of the whole update, however its sequences are packed. */
  @Test
  void theLossIsThatOfTheWholeUpdatesScores() {
    double[] said = labels().stream().mapToDouble(SoftLabel::probability).toArray();
    for (SoftLabelLoss loss :
        List.of(
            new SoftCrossEntropy(),
            ProductLoss.standard(),
            new ConfidenceLoss(0.5, WarmUp.LINEAR, 0))) {
      RewardModelResult still = trainer(loss).learningRate(STILL).batchSize(12).train(labels());
      try (TrainedRewardModel model = still.model()) {
        double expected = SoftLabelLosses.evaluate(loss, score(model), said, 0).loss();
        assertThat(value(still.metrics().get(0), "loss")).isCloseTo(expected, within(1e-4));
      }
    }
  }

  /** The first update has done nothing of the training, the last all but itself. */
  @Test
  void confidenceFollowsTheUpdates() {
    SoftLabelSource source =
        SoftLabelSource.of(
            JudgedSequences.ofSoftLabels(
                    labels(), RewardStart.newHead(base).withoutEnd(), SequenceLimits.of(100))
                .sequences(),
            new ConfidenceLoss(0.5, WarmUp.LINEAR, 0.5),
            FineTuningOptions.of(1e-3).withBatchSize(3).withEpochs(2));
    assertThat(source.steps()).isEqualTo(8);
    assertThat(source.at(1)).hasSize(1);
    assertThat(source.at(1).get(0).inputs().get("confidence").data()).containsOnly(0f);
    assertThat(source.at(3).get(0).inputs().get("confidence").data())
        .containsExactly(0.25f, 0.25f, 0.25f);
    assertThat(source.at(8).get(0).inputs().get("confidence").data()).containsOnly(0.5f);
  }

  @Test
  void labelsAreLearntAsProbabilities(@TempDir Path folder) {
    RewardModelResult result =
        trainer(new SoftCrossEntropy()).learningRate(1e-3).batchSize(4).epochs(12).train(labels());
    try (TrainedRewardModel model = result.model()) {
      double[] scores = score(model);
      assertThat(1 / (1 + Math.exp(-scores[0]))).isBetween(0.75, 0.97);
      assertThat(1 / (1 + Math.exp(-scores[1]))).isBetween(0.08, 0.4);
      assertThat(value(result.metrics().get(35), "accuracy")).isEqualTo(1);
      model.save(folder);
      try (TrainedRewardModel again = TrainedRewardModel.load(folder).withoutEnd()) {
        assertThat(score(again)).containsExactly(scores, within(1e-4));
      }
    }
  }

  /** The score is read where the model would go on writing. */
  @Test
  void noEndTokenFollows() {
    TokenIds ids =
        JudgedSequences.ofSoftLabels(
                labels(), RewardStart.newHead(base).withoutEnd(), SequenceLimits.of(100))
            .sequences()
            .get(0)
            .ids();
    assertThat(base.tokenizer().eosIds()).isNotEmpty().doesNotContain(ids.get(ids.size() - 1));
    try (TrainedRewardModel model =
        trainer(new SoftCrossEntropy()).learningRate(STILL).train(labels()).model()) {
      PromptCompletion first =
          new PromptCompletion(labels().get(0).prompt(), labels().get(0).completion());
      assertThat(model.tokens(first)).isEqualTo(ids);
    }
  }

  @Test
  void aLearnerTakesSeedAndModelFromItsCaller() {
    TrainingContext context = TrainingContext.of(5);
    try (TrainedRewardModel one =
            (TrainedRewardModel)
                SoftLabelTrainer.learner(t -> t.learningRate(1e-3)).train(base, labels(), context);
        TrainedRewardModel same =
            (TrainedRewardModel)
                SoftLabelTrainer.learner(t -> t.learningRate(1e-3))
                    .train(base, labels(), context)) {
      assertThat(score(one)).containsExactly(score(same));
    }
  }

  /** The decoder stays as it is, and a head that has learnt nothing says nothing. */
  @Test
  void aHeadLearnsAlone() {
    SoftLabelTrainer head = trainer(new SoftCrossEntropy()).headOnly().batchSize(4);
    try (TrainedRewardModel still = head.learningRate(STILL).train(labels()).model()) {
      assertThat(Arrays.stream(score(still)).map(Math::abs).max().orElseThrow()).isLessThan(1e-20);
    }
    try (TrainedRewardModel model =
        head.loss(ProductLoss.standard())
            .loss(new SoftCrossEntropy())
            .learningRate(1e-2)
            .epochs(8)
            .train(labels())
            .model()) {
      double[] scores = score(model);
      assertThat(scores[0]).isPositive();
      assertThat(scores[1]).isNegative();
      Weights trained = model.classifier().weights();
      Set<String> decoder = new HashSet<>(trained.names());
      assertThat(decoder.remove(SequenceScores.WEIGHT)).isTrue();
      assertThat(trained.select(decoder).contentHash())
          .isEqualTo(base.weights().select(decoder).contentHash());
    }
  }

  @Test
  void aHeadAloneHasNoAdapter() {
    assertThatThrownBy(
            () -> trainer(new SoftCrossEntropy()).adapter(Lora.rank(2)).headOnly().train(labels()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the head alone cannot be trained with an adapter; leave adapter or headOnly out");
  }

  @Test
  void anEmptyAnswerIsRefused() {
    assertThatThrownBy(
            () ->
                trainer(new SoftCrossEntropy())
                    .train(List.of(new SoftLabel(Prompt.text("x"), "", 0.5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("labels[0]: completion must not be empty");
    assertThatThrownBy(() -> new SoftLabel(Prompt.text("x"), "y", 1.5))
        .hasMessage("probability must be in [0, 1] but was 1.5");
  }
}
