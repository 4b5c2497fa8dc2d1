package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.loss.BradleyTerryLoss;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reward models whose training is stopped end in the same bits. */
class ResumedRewardTest extends StoryRewards {

  @Test
  void anAdapterAndTheHeadAreTrained(@TempDir Path folder) {
    RewardModelTrainer trainer = rewards().adapter(Lora.rank(4)).learningRate(1e-2).epochs(8);
    Path cut = folder.resolve("cut");
    AtomicInteger looks = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .checkpointEvery(2)
                    .runFolder(cut)
                    .cancellation(() -> looks.incrementAndGet() > 5)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    try (TrainedRewardModel whole = trainer.train(pairs()).model();
        TrainedRewardModel resumed =
            trainer.checkpointEvery(2).runFolder(cut).train(pairs()).model()) {
      assertThat(resumed.id()).isEqualTo(whole.id());
      SequenceClassifier trained = whole.classifier();
      assertThat(trained.adapter()).isNotNull();
      assertThat(trained.weights().select(base.weights().names()).contentHash())
          .isEqualTo(base.weights().contentHash());
      double[] scores = values(whole, answers());
      for (int i = 0; i < scores.length; i += 2) {
        assertThat(scores[i]).isGreaterThan(scores[i + 1]);
      }
      whole.save(folder.resolve("merged"));
      try (TrainedRewardModel merged = TrainedRewardModel.load(folder.resolve("merged"))) {
        assertThat(values(merged, answers())).containsExactly(scores, within(1e-4));
        assertThat(merged.classifier().adapter()).isNull();
      }
    }
  }

  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    Path cut = folder.resolve("cut");
    RewardModelTrainer trainer = rewards().checkpointEvery(2);
    AtomicInteger looks = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(cut)
                    .cancellation(() -> looks.incrementAndGet() > 5)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    try (TrainedRewardModel resumed = trainer.runFolder(cut).train(pairs()).model();
        TrainedRewardModel whole = trainer.train(pairs()).model()) {
      assertThat(resumed.id()).isEqualTo(whole.id());
    }
    assertThatThrownBy(() -> trainer.runFolder(cut).loss(new BradleyTerryLoss(0, 0)).train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("objective");
    List<PreferencePair> graded = new ArrayList<>(pairs());
    PreferencePair first = graded.get(0);
    graded.set(
        0,
        new PreferencePair(
            first.prompt(), first.chosen(), first.rejected(), 1, OptionalDouble.of(1), null));
    assertThatThrownBy(() -> trainer.runFolder(cut).train(graded))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data.data");
  }
}
