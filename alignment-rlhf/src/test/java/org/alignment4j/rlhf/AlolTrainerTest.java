package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.data.RatedAnswer;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offline learning from rated answers of a real small model, from text to a new model. */
class AlolTrainerTest extends PocketTraining {

  private static List<RatedAnswer> rated() {
    List<RatedAnswer> rated = new ArrayList<>();
    int i = 0;
    for (PreferencePair pair : pairs()) {
      rated.add(new RatedAnswer(pair.chosenCompletion(), 2 + 0.1 * i++));
      rated.add(new RatedAnswer(pair.rejectedCompletion(), 0.5));
    }
    return rated;
  }

  private static AlolTrainer trainer() {
    return AlolTrainer.of(base)
        .baseline(PromptBaseline.promptMean())
        .learningRate(1e-3)
        .batchSize(3)
        .epochs(4)
        .seed(3);
  }

  @Test
  void everyMethodLearnsTheBetterAnswers() {
    String before = base.id();
    for (AlolMethod method :
        List.of(
            AlolMethod.alol(),
            AlolMethod.alolSequence(),
            AlolMethod.referenceFree(),
            AlolMethod.kl(0.1))) {
      FineTuningResult result = trainer().method(method).train(rated());
      try (DecoderModel model = result.model()) {
        assertThat(result.metrics()).as("6 answers of positive advantage").hasSize(8);
        for (Metrics metrics : result.metrics()) {
          assertThat(value(metrics, "advantages")).isBetween(0.74, 1.01);
          assertThat(value(metrics, "rewards")).as("never a worse answer").isGreaterThan(1.99);
        }
        Metrics first = result.metrics().get(0);
        Metrics last = result.metrics().get(7);
        assertThat(value(last, "logps")).isGreaterThan(value(first, "logps") + 1);
        assertThat(value(last, "nll")).isLessThan(value(first, "nll"));
        assertThat(first.values().containsKey("ratio")).isEqualTo(method.loss().needsReference());
        assertThat(model.id()).isNotEqualTo(before);
      }
    }
    assertThat(base.id()).isEqualTo(before);
  }

  /** At π = π_ref the ratio is 1. */
  @Test
  void beforeTheFirstUpdateTheRatioDoesNotCount() {
    double free = firstLoss(trainer().method(AlolMethod.referenceFree()), rated());
    for (AlolMethod method :
        List.of(AlolMethod.alol(), AlolMethod.alolSequence(), AlolMethod.kl(0.1))) {
      assertThat(firstLoss(trainer().method(method), rated())).isCloseTo(free, within(1e-3));
    }
  }

  @Test
  void theLossIsLinearInTheAdvantages() {
    List<RatedAnswer> doubled =
        rated().stream().map(r -> new RatedAnswer(r.answer(), 2 * r.reward())).toList();
    for (AlolMethod method : List.of(AlolMethod.alol(), AlolMethod.rlol(), AlolMethod.gold())) {
      assertThat(firstLoss(trainer().method(method), doubled))
          .isCloseTo(2 * firstLoss(trainer().method(method), rated()), within(1e-3));
    }
  }

  private static double firstLoss(AlolTrainer trainer, List<RatedAnswer> rated) {
    FineTuningResult result = trainer.epochs(1).train(rated);
    result.model().close();
    return value(result.metrics().get(0), "loss");
  }

  @Test
  void rewardsWeighAllAnswersWhereTheyAreTheWeight() {
    FineTuningResult result =
        trainer()
            .method(AlolMethod.weightedCloning())
            .sampling(AlolSampling.UNIFORM)
            .adapter(Lora.rank(4))
            .epochs(1)
            .train(rated());
    result.model().close();
    assertThat(result.metrics()).hasSize(4);
    double mean = result.metrics().stream().mapToDouble(m -> value(m, "rewards")).sum() / 4;
    assertThat(mean).isCloseTo((0.5 * 6 + 12 + 1.5) / 12, within(1e-5));
  }

  @Test
  void withoutABetterAnswerThereIsNothingToLearn() {
    List<RatedAnswer> equal = rated().stream().map(r -> new RatedAnswer(r.answer(), 1)).toList();
    assertThatThrownBy(() -> trainer().train(equal))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive advantage")
        .hasMessageContaining("of 12 is 0.0");
    List<RatedAnswer> bad = rated().stream().map(r -> new RatedAnswer(r.answer(), -1)).toList();
    assertThatThrownBy(() -> trainer().method(AlolMethod.gold()).train(bad))
        .hasMessageContaining("positive reward");
    assertThatThrownBy(() -> new RatedAnswer(answers().get(0), Double.NaN))
        .hasMessageContaining("finite but was NaN");
  }

  @Test
  void emptyAnswersAreDroppedAndABatchOfOneIsFine() {
    List<RatedAnswer> some = new ArrayList<>(rated());
    some.add(new RatedAnswer(new PromptCompletion(pairs().get(0).prompt(), ""), 100));
    FineTuningResult result = trainer().batchSize(1).epochs(1).train(some);
    result.model().close();
    assertThat(result.report().dropped()).isEqualTo(1);
    assertThat(result.report().reasons().get(0)).contains("answers[12]").contains("empty");
    assertThat(result.metrics()).hasSize(6);
  }

  private static List<Double> losses(FineTuningResult result) {
    return result.metrics().stream().map(m -> value(m, "loss")).toList();
  }

  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    AlolTrainer trainer = trainer().baseline(PromptBaseline.attention()).checkpointEvery(2);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 3)
                    .train(rated()))
        .isInstanceOf(CancelledException.class);
    assertThat(folder.resolve("prompt-values.json")).exists();
    assertThat(folder.resolve(ReferenceCache.FILE)).exists();
    compareResumed(trainer, folder);
    assertThatThrownBy(
            () -> trainer.runFolder(folder).method(AlolMethod.referenceFree()).train(rated()))
        .isInstanceOf(RunFolderException.class);
    assertThatThrownBy(
            () -> trainer.runFolder(folder).sampling(AlolSampling.UNIFORM).train(rated()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("sampling");
  }

  @Test
  void aRunThatDiedBetweenCheckpointsResumesToTheSameBits(@TempDir Path folder) {
    AlolTrainer trainer = trainer().checkpointEvery(2);
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
                    .train(rated()))
        .hasMessage("died");
    compareResumed(trainer, folder);
  }

  private static void compareResumed(AlolTrainer trainer, Path folder) {
    FineTuningResult second = trainer.runFolder(folder).train(rated());
    FineTuningResult uncut = trainer.train(rated());
    try (DecoderModel resumed = second.model();
        DecoderModel whole = uncut.model()) {
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(losses(second)).isEqualTo(losses(uncut));
    }
  }

  @Test
  void theLearnerTakesSeedAndFolder(@TempDir Path folder) {
    try (DecoderModel a =
            (DecoderModel)
                AlolTrainer.learner(t -> t.learningRate(1e-3).baseline(PromptBaseline.mean()))
                    .train(base, rated(), TrainingContext.of(5).withRunFolder(folder));
        DecoderModel b =
            AlolTrainer.of(base)
                .learningRate(1e-3)
                .baseline(PromptBaseline.mean())
                .seed(5)
                .train(rated())
                .model()) {
      assertThat(a.weights().contentHash()).isEqualTo(b.weights().contentHash());
      assertThat(folder.resolve("metrics.jsonl")).isNotEmptyFile();
    }
  }
}
