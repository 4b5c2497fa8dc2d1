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
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.rlhf.loss.CringeLoss;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Token-level contrast on a real small model, from text to a new model. */
class CringeTrainerTest extends PocketTraining {

  private static List<UnpairedLabel> labels() {
    List<UnpairedLabel> labels = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      labels.add(new UnpairedLabel(pair.prompt(), pair.chosen(), true));
      labels.add(new UnpairedLabel(pair.prompt(), pair.rejected(), false));
    }
    return labels;
  }

  private static CringeTrainer trainer() {
    return CringeTrainer.of(base)
        .loss(new CringeLoss(1, 5))
        .learningRate(1e-3)
        .batchSize(6)
        .epochs(4)
        .seed(3);
  }

  @Test
  void goodAnswersGetLikelierAndBadOnesLess() {
    String before = base.id();
    FineTuningResult result = trainer().train(labels());
    try (DecoderModel model = result.model()) {
      assertThat(result.metrics()).hasSize(8);
      Metrics first = result.metrics().get(0);
      Metrics last = result.metrics().get(7);
      for (String falling : List.of("loss", "nll", "cringe", "logps/rejected")) {
        assertThat(value(last, falling)).as(falling).isLessThan(value(first, falling));
      }
      assertThat(value(last, "logps/chosen")).isGreaterThan(value(first, "logps/chosen"));
      assertThat(last.values()).doesNotContainKey("gate");
      assertThat(model.id()).isNotEqualTo(before);
    }
    assertThat(base.id()).isEqualTo(before);
  }

  /** Bad tokens are lowered without raising what they are contrasted with. */
  @Test
  void contrastsNeedNotBeRaised() {
    CringeLoss detached = new CringeLoss(1, 5).withPositives(CringeLoss.Positives.DETACHED);
    List<UnpairedLabel> bad = labels().stream().filter(l -> !l.desirable()).toList();
    FineTuningResult result = trainer().loss(detached).train(bad);
    FineTuningResult raised = trainer().train(bad);
    try (DecoderModel model = result.model();
        DecoderModel other = raised.model()) {
      Metrics first = result.metrics().get(0);
      Metrics last = result.metrics().get(result.metrics().size() - 1);
      for (String falling : List.of("loss", "cringe", "logps/rejected")) {
        assertThat(value(last, falling)).as(falling).isLessThan(value(first, falling));
      }
      assertThat(value(first, "loss"))
          .isCloseTo(value(raised.metrics().get(0), "loss"), within(1e-5));
      assertThat(model.id()).isNotEqualTo(other.id());
    }
  }

  @Test
  void badAnswersAloneAreNeverInTheCrossEntropy() {
    List<UnpairedLabel> bad = labels().stream().filter(l -> !l.desirable()).toList();
    FineTuningResult result = trainer().train(bad);
    result.model().close();
    for (Metrics metrics : result.metrics()) {
      assertThat(metrics.values()).doesNotContainKeys("nll", "logps/chosen");
      assertThat(value(metrics, "loss")).isCloseTo(value(metrics, "cringe"), within(1e-5));
    }
    List<UnpairedLabel> good = labels().stream().filter(UnpairedLabel::desirable).toList();
    FineTuningResult only = trainer().train(good);
    FineTuningResult supervised = SftTrainer.of(base).options(trainer().options()).train(answers());
    try (DecoderModel a = only.model();
        DecoderModel b = supervised.model()) {
      assertThat(value(only.metrics().get(3), "loss"))
          .as("supervised fine-tuning")
          .isCloseTo(value(supervised.metrics().get(3), "loss"), within(1e-4));
      assertThat(only.metrics().get(3).values()).doesNotContainKeys("cringe", "logps/rejected");
    }
  }

  /** A gate that is open everywhere leaves both answers of a pair as they are by themselves. */
  @Test
  void pairsWithAnOpenGateAreSingleAnswers() {
    FineTuningResult pairs =
        trainer().loss(CringeLoss.standard()).epochs(1).trainPairs(pairs(), PairGate.of(1e4, 1));
    FineTuningResult single =
        trainer().loss(CringeLoss.standard()).batchSize(12).epochs(1).train(labels());
    pairs.model().close();
    single.model().close();
    assertThat(value(pairs.metrics().get(0), "gate")).isEqualTo(1);
    assertThat(value(pairs.metrics().get(0), "loss"))
        .isCloseTo(value(single.metrics().get(0), "loss"), within(1e-5));
  }

  @Test
  void gatesCloseAsMarginsWiden() {
    List<PreferencePair> swapped = new ArrayList<>();
    for (PreferencePair pair : pairs()) {
      swapped.add(pair.swapped());
    }
    PairGate gate = PairGate.of(0, 5);
    FineTuningResult result =
        trainer().adapter(Lora.rank(4)).learningRate(5e-3).epochs(8).trainPairs(pairs(), gate);
    FineTuningResult same =
        trainer().adapter(Lora.rank(4)).learningRate(5e-3).epochs(8).trainPairs(swapped, gate);
    try (DecoderModel model = result.model();
        DecoderModel other = same.model()) {
      assertThat(value(result.metrics().get(7), "gate"))
          .isBetween(0.0, 0.8 * value(result.metrics().get(0), "gate"));
      assertThat(model.weights().contentHash()).isEqualTo(base.weights().contentHash());
      assertThat(other.id()).as("pairs written the other way round").isEqualTo(model.id());
    }
  }

  private static List<Double> losses(FineTuningResult result) {
    return result.metrics().stream().map(m -> value(m, "loss")).toList();
  }

  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    CringeTrainer trainer = trainer().checkpointEvery(2);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 3)
                    .train(labels()))
        .isInstanceOf(CancelledException.class);
    compareResumed(trainer, folder);
    assertThatThrownBy(() -> trainer.runFolder(folder).loss(new CringeLoss(1, 4)).train(labels()))
        .isInstanceOf(RunFolderException.class);
  }

  @Test
  void aRunThatDiedBetweenCheckpointsResumesToTheSameBits(@TempDir Path folder) {
    CringeTrainer trainer = trainer().checkpointEvery(2);
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
    compareResumed(trainer, folder);
  }

  private static void compareResumed(CringeTrainer trainer, Path folder) {
    FineTuningResult second = trainer.runFolder(folder).train(labels());
    FineTuningResult uncut = trainer.train(labels());
    FineTuningResult seeded = trainer.seed(4).train(labels());
    try (DecoderModel resumed = second.model();
        DecoderModel whole = uncut.model();
        DecoderModel other = seeded.model()) {
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(other.weights().contentHash()).isNotEqualTo(whole.weights().contentHash());
      assertThat(losses(second)).hasSize(8).isEqualTo(losses(uncut));
    }
  }

  @Test
  void theLearnersTakeSeedAndFolder(@TempDir Path folder) {
    try (DecoderModel a =
            (DecoderModel)
                CringeTrainer.learner(t -> t.learningRate(1e-3).epochs(1))
                    .train(base, labels(), TrainingContext.of(5).withRunFolder(folder));
        DecoderModel b = CringeTrainer.of(base).learningRate(1e-3).seed(5).train(labels()).model();
        DecoderModel pairs =
            (DecoderModel)
                CringeTrainer.learner(PairGate.of(0, 1), t -> t.learningRate(1e-3))
                    .train(base, pairs(), TrainingContext.of(5))) {
      assertThat(a.weights().contentHash()).isEqualTo(b.weights().contentHash());
      assertThat(pairs.weights().contentHash()).isNotEqualTo(a.weights().contentHash());
      assertThat(folder.resolve("metrics.jsonl")).isNotEmptyFile();
    }
  }

  @Test
  void whatCannotBeLearnedIsNamed() {
    int vocab = base.architecture().config().vocabSize();
    assertThatThrownBy(() -> trainer().loss(new CringeLoss(1, vocab)).train(labels()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("candidates must be below " + vocab);
    assertThatThrownBy(() -> new CringeLoss(1, 0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> new CringeLoss(-1, 1)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> PairGate.of(0, 0)).hasMessageContaining("temperature");
    assertThatThrownBy(
            () -> trainer().train(List.of(new UnpairedLabel(Prompt.text("Once"), "", false))))
        .hasMessageContaining("labels[0]: completion must not be empty");
    PreferencePair even =
        new PreferencePair(Prompt.text("Once"), " a", " b", 0.5, OptionalDouble.empty(), null);
    assertThatThrownBy(() -> trainer().trainPairs(List.of(even), PairGate.of(0, 1)))
        .hasMessageContaining("pairs[0]")
        .hasMessageContaining("0.5");
  }
}
