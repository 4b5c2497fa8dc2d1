package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.LionConfig;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.Recomputation;
import org.alignment4j.runtime.train.TrainingNoise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Optimiser, schedule, noise, smoothing and listeners as a trainer's settings. */
class OptimisationTest {
  private static final List<Demonstration> TEXTS =
      List.of(
          new Demonstration.Text("The sea is blue."), new Demonstration.Text("A stone is heavy."));

  @TempDir Path folder;

  private SftTrainer trainer(DecoderModel base) {
    return SftTrainer.of(base)
        .batchSize(2)
        .epochs(2)
        .optimizer(LionConfig.defaults())
        .schedule(LearningRateSchedule.constant(1e-4))
        .noise(TrainingNoise.none().dropout(0.1).neftune(5))
        .labelSmoothing(0.1);
  }

  @Test
  void settingsReachTheRun() {
    List<Metrics> heard = new ArrayList<>();
    try (DecoderModel base = TestModels.pocket(folder.resolve("model"))) {
      FineTuningResult result =
          trainer(base)
              .runFolder(folder.resolve("run"))
              .onMetrics(heard::add)
              .trainDemonstrations(TEXTS);
      assertThat(heard).isEqualTo(result.metrics()).hasSize(2);
      for (Metrics metrics : heard) {
        assertThat(metrics.values().get("learning_rate")).isEqualTo(1e-4);
        assertThat(metrics.values().get("nll"))
            .isPositive()
            .isLessThan(metrics.values().get("loss"));
      }
      // Lion moves a weight by the rate or not at all, so at most by twice the rate
      FloatBuffer before = base.weights().tensors().iterator().next().data();
      FloatBuffer after = result.model().weights().tensors().iterator().next().data();
      float largest = 0;
      for (int i = 0; i < before.limit(); i++) {
        largest = Math.max(largest, Math.abs(after.get(i) - before.get(i)));
      }
      assertThat(largest).isCloseTo(2e-4f, within(1e-6f));
      result.model().close();
    }
  }

  @Test
  void theLastOfScheduleAndRateDecides() {
    try (DecoderModel base = TestModels.pocket(folder.resolve("model"))) {
      SftTrainer plain = SftTrainer.of(base).batchSize(2).epochs(2);
      LearningRateSchedule constant = LearningRateSchedule.constant(1e-3);
      SftTrainer rateLast = plain.schedule(constant).learningRate(5e-2);
      assertThat(rateLast.options()).isEqualTo(plain.learningRate(5e-2).options());
      assertThat(rates(rateLast)).containsExactly(5e-2, 2.5e-2);
      assertThat(rates(plain.learningRate(5e-2).schedule(constant))).containsExactly(1e-3, 1e-3);
    }
  }

  private static List<Double> rates(SftTrainer trainer) {
    FineTuningResult result = trainer.trainDemonstrations(TEXTS);
    result.model().close();
    return result.metrics().stream().map(m -> m.values().get("learning_rate")).toList();
  }

  @Test
  void adapterDropoutNeedsAnAdapter() {
    try (DecoderModel base = TestModels.pocket(folder.resolve("model"))) {
      SftTrainer trainer =
          SftTrainer.of(base)
              .runFolder(folder.resolve("run"))
              .noise(TrainingNoise.none().adapterDropout(0.9));
      assertThatThrownBy(() -> trainer.trainDemonstrations(TEXTS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "adapterDropout is of what an adapter reads and must be 0 where none is trained but"
                  + " was 0.9; train one, such as adapter(Lora.rank(16)), or use dropout");
      assertThat(folder.resolve("run")).doesNotExist();
      trainer.adapter(Lora.rank(2)).trainDemonstrations(TEXTS).model().close();
    }
  }

  @Test
  void anotherOptimiserIsAnotherRun() {
    try (DecoderModel base = TestModels.pocket(folder.resolve("model"))) {
      SftTrainer trainer = trainer(base).runFolder(folder.resolve("run"));
      String first = trainer.trainDemonstrations(TEXTS).model().weights().contentHash();
      assertThat(trainer.trainDemonstrations(TEXTS).model().weights().contentHash())
          .isEqualTo(first);
      assertThatThrownBy(
              () ->
                  trainer
                      .optimizer(LionConfig.defaults().weightDecay(0.1, LionConfig.Decayed.ALL))
                      .trainDemonstrations(TEXTS))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("differs in optimizer");
      assertThatThrownBy(() -> trainer.noise(TrainingNoise.none()).trainDemonstrations(TEXTS))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("differs in noise");
      assertThatThrownBy(() -> trainer.labelSmoothing(0).trainDemonstrations(TEXTS))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("differs in objective");
    }
  }

  @Test
  void recomputationLeavesTheResultAsItIs() {
    try (DecoderModel base = TestModels.pocket(folder.resolve("model"))) {
      SftTrainer trainer = trainer(base);
      SftTrainer frugal = trainer.recomputation(Recomputation.BLOCKS);
      assertThat(frugal.options().optimisation().recomputation()).isEqualTo(Recomputation.BLOCKS);
      assertThat(frugal.trainDemonstrations(TEXTS).model().weights().contentHash())
          .isEqualTo(trainer.trainDemonstrations(TEXTS).model().weights().contentHash());
    }
  }
}
