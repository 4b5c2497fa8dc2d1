package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on single answers of a real small model, from text to a new model. */
class UnpairedTrainerTest extends PocketTraining {

  private static List<UnpairedLabel> labels() {
    List<UnpairedLabel> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(new UnpairedLabel(pair.prompt(), pair.chosen(), true));
      labels.add(new UnpairedLabel(pair.prompt(), pair.rejected(), false));
    }
    return labels;
  }

  private static UnpairedTrainer trainer(UnpairedLoss loss) {
    return UnpairedTrainer.of(base, loss).learningRate(1e-3).batchSize(6).epochs(4).seed(3);
  }

  @Test
  void everyLossStartsWhereTheModelIsItsReferenceAndSeparatesTheKinds() {
    String before = base.id();
    for (UnpairedLoss loss :
        List.of(UnpairedLoss.kto(0.1), UnpairedLoss.apoZero(0.1), UnpairedLoss.bco(0.1))) {
      FineTuningResult result = trainer(loss).train(labels());
      try (DecoderModel model = result.model()) {
        assertThat(result.metrics()).hasSize(8);
        Metrics first = result.metrics().get(0);
        boolean bco = loss.referencePoint() == UnpairedLoss.ReferencePoint.RUNNING_REWARD;
        assertThat(value(first, "loss")).isCloseTo(bco ? Math.log(2) : 0.5, within(1e-4));
        Metrics last = result.metrics().get(7);
        assertThat(value(last, "rewards/margins"))
            .isPositive()
            .isCloseTo(
                value(last, "rewards/chosen") - value(last, "rewards/rejected"), within(1e-4));
        assertThat(value(last, "logps/chosen")).isNegative();
        assertThat(value(last, "logps/rejected")).isNegative();
        assertThat(last.values().containsKey("kl"))
            .isEqualTo(loss.referencePoint() == UnpairedLoss.ReferencePoint.MISMATCHED_KL);
        assertThat(last.values().containsKey("delta")).isEqualTo(bco);
        assertThat(model.id()).isNotEqualTo(before);
      }
    }
    assertThat(base.id()).isEqualTo(before);
  }

  @Test
  void adaptersLearnAndLeaveTheWeights() {
    FineTuningResult result =
        trainer(UnpairedLoss.kto(0.1)).adapter(Lora.rank(4)).learningRate(5e-3).train(labels());
    try (DecoderModel model = result.model()) {
      assertThat(value(result.metrics().get(0), "kl")).isCloseTo(0, within(1e-3));
      assertThat(value(result.metrics().get(7), "rewards/margins")).isGreaterThan(0.05);
      assertThat(model.adapter()).isNotNull();
      assertThat(model.weights().contentHash()).isEqualTo(base.weights().contentHash());
    }
  }

  @Test
  void oneKindOfLabelIsEnough() {
    List<UnpairedLabel> bad = labels().stream().filter(l -> !l.desirable()).toList();
    List<UnpairedLabel> varied = new ArrayList<>();
    for (int i = 0; i < bad.size(); i++) {
      varied.add(new UnpairedLabel(bad.get(i).prompt(), " nothing" + " at all".repeat(i), false));
    }
    FineTuningResult result = trainer(UnpairedLoss.kto(0.1)).train(varied);
    result.model().close();
    Metrics last = result.metrics().get(3);
    assertThat(last.values())
        .doesNotContainKeys("rewards/chosen", "rewards/margins", "logps/chosen");
    assertThat(value(last, "rewards/rejected")).isNegative();
  }

  @Test
  void whatCannotBePairedIsRefused() {
    assertThatThrownBy(() -> trainer(UnpairedLoss.kto(0.1)).batchSize(1).train(labels()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batchSize must be at least 2")
        .hasMessageContaining("but was 1");
    List<UnpairedLabel> same =
        labels().stream()
            .map(l -> new UnpairedLabel(Prompt.text("Once"), l.completion(), l.desirable()))
            .toList();
    assertThatThrownBy(() -> trainer(UnpairedLoss.kto(0.1)).train(same))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("different prompts");
    assertThatThrownBy(
            () ->
                trainer(UnpairedLoss.kto(0.1))
                    .train(List.of(new UnpairedLabel(Prompt.text("Once"), "", true))))
        .hasMessageContaining("labels[0]: completion must not be empty");
    trainer(UnpairedLoss.bco(0.1)).batchSize(1).epochs(1).train(same).model().close();
  }

  private static List<Double> values(FineTuningResult result, String name) {
    return result.metrics().stream().map(m -> value(m, name)).toList();
  }

  /**
   * With z₀ of KTO, and with δ of BCO, which the checkpoint keeps; dropped and cut at odd updates.
   */
  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    for (UnpairedLoss loss : List.of(UnpairedLoss.kto(0.1), UnpairedLoss.bco(0.1))) {
      Path cut = folder.resolve(loss.getClass().getSimpleName());
      UnpairedTrainer trainer = trainer(loss).checkpointEvery(2);
      AtomicInteger updates = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  trainer
                      .runFolder(cut)
                      .onMetrics(m -> updates.incrementAndGet())
                      .cancellation(() -> updates.get() >= 3)
                      .train(labels()))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("after step 3; run again with the folder");
      assertThat(cut.resolve(ReferenceCache.FILE)).exists();
      FineTuningResult second = trainer.runFolder(cut).train(labels());
      FineTuningResult uncut = trainer.train(labels());
      try (DecoderModel resumed = second.model();
          DecoderModel whole = uncut.model()) {
        assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      }
      String point =
          loss.referencePoint() == UnpairedLoss.ReferencePoint.MISMATCHED_KL ? "kl" : "delta";
      for (String name : List.of("loss", point, "rewards/margins")) {
        assertThat(values(second, name)).hasSize(8).isEqualTo(values(uncut, name));
      }
      assertThatThrownBy(() -> trainer.runFolder(cut).seed(4).train(labels()))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("data.seed");
    }
  }

  /** As after a kill: the last checkpoint is some updates behind the metrics. */
  @Test
  void aRunThatDiedBetweenCheckpointsResumesToTheSameBits(@TempDir Path folder) {
    UnpairedTrainer trainer = trainer(UnpairedLoss.bco(0.1)).checkpointEvery(2);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(
                        m -> {
                          if (updates.incrementAndGet() == 6) {
                            throw new IllegalStateException("died");
                          }
                        })
                    .train(labels()))
        .hasMessage("died");
    assertThat(folder.resolve("checkpoint-4")).exists();
    FineTuningResult second = trainer.runFolder(folder).train(labels());
    FineTuningResult uncut = trainer.train(labels());
    try (DecoderModel resumed = second.model();
        DecoderModel whole = uncut.model()) {
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(values(second, "delta")).hasSize(8).isEqualTo(values(uncut, "delta"));
    }
  }

  @Test
  void theReferenceOfAResumedRunIsReadFromItsFolder(@TempDir Path folder) throws Exception {
    UnpairedTrainer trainer = trainer(UnpairedLoss.kto(0.1)).epochs(1).runFolder(folder);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 1)
                    .train(labels()))
        .isInstanceOf(CancelledException.class);
    Path file = folder.resolve(ReferenceCache.FILE);
    String text = Files.readString(file);
    assertThat(text).contains("\"answers\":[").contains("\"mismatched\":[");
    int start = text.indexOf("\"mismatched\":[");
    String zeros = text.substring(start).replaceAll("-\\d+\\.\\d+(E-?\\d+)?", "-900.0");
    Files.writeString(file, text.substring(0, start) + zeros);
    FineTuningResult result = trainer.train(labels());
    result.model().close();
    assertThat(value(result.metrics().get(1), "kl")).as("from the file").isGreaterThan(500);
  }

  @Test
  void theLearnerTakesSeedAndFolder(@TempDir Path folder) {
    LanguageModel model =
        UnpairedTrainer.learner(
                UnpairedLoss.kto(0.1), t -> t.learningRate(1e-3).batchSize(6).epochs(1))
            .train(base, labels(), TrainingContext.of(5).withRunFolder(folder));
    try (DecoderModel trained = (DecoderModel) model;
        DecoderModel same =
            trainer(UnpairedLoss.kto(0.1)).epochs(1).seed(5).train(labels()).model()) {
      assertThat(trained.weights().contentHash()).isEqualTo(same.weights().contentHash());
      assertThat(folder.resolve("metrics.jsonl")).isNotEmptyFile();
    }
  }
}
