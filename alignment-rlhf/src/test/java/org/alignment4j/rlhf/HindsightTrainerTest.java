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
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.data.ChainOfHindsight;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chain of Hindsight with texts of pretraining beside the pairs, on a real small model. */
class HindsightTrainerTest extends PocketTraining {

  private static List<Demonstration> texts(int count) {
    List<Demonstration> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(new Demonstration.Text("One day a dog ran to the park " + "again ".repeat(i)));
    }
    return texts;
  }

  private static HindsightTrainer trainer() {
    return HindsightTrainer.of(base).learningRate(1e-3).batchSize(6).epochs(2).seed(3);
  }

  @Test
  void withoutPretrainingItIsFineTuningOnTheChains() {
    FineTuningResult own = trainer().train(pairs());
    FineTuningResult plain =
        SftTrainer.of(base)
            .options(trainer().options())
            .trainChains(ChainOfHindsight.standard().of(pairs()).chains());
    try (DecoderModel a = own.model();
        DecoderModel b = plain.model()) {
      assertThat(own.metrics()).hasSize(8);
      assertThat(a.weights().contentHash()).isEqualTo(b.weights().contentHash());
    }
  }

  /** Loss of an update is that of the chains, and a share of that of the texts. */
  @Test
  void textsCountByTheirWeight() {
    double chains = firstLoss(trainer());
    double light = firstLoss(trainer().pretraining(texts(6), 0.01));
    double heavy = firstLoss(trainer().pretraining(texts(6), 1));
    FineTuningResult alone =
        SftTrainer.of(base)
            .options(trainer().options().withEpochs(1))
            .trainDemonstrations(texts(6));
    alone.model().close();
    double texts = value(alone.metrics().get(0), "loss");
    assertThat(light).isCloseTo(chains + 0.01 * texts, within(1e-4));
    assertThat(heavy).isCloseTo(chains + texts, within(1e-3));
  }

  /** A text is cut, another has no room behind its prompt, and a third is whole. */
  @Test
  void textsThatDoNotFitAreCounted() {
    List<Demonstration> texts =
        List.of(
            new Demonstration.Text("the dog ran ".repeat(40)),
            Demonstration.answer(Prompt.text("the cat sat ".repeat(40)), " down."),
            new Demonstration.Text("the dog."));
    HindsightTrainer trainer = trainer().epochs(1).limits(SequenceLimits.of(64));
    assertThat(Logged.warnings(() -> firstLoss(trainer.pretraining(texts, 0.01))))
        .singleElement()
        .asString()
        .contains(
            "of 3 texts learned beside pairs 1 were left out, 1 lost their end",
            "maxLength=64",
            "demonstrations[1]");
    assertThat(Logged.warnings(() -> firstLoss(trainer.pretraining(texts.subList(2, 3), 0.01))))
        .isEmpty();
  }

  private static double firstLoss(HindsightTrainer trainer) {
    FineTuningResult result = trainer.epochs(1).train(pairs());
    result.model().close();
    return value(result.metrics().get(0), "loss");
  }

  @Test
  void variedWordingsAreTwelveTimesTheForms() {
    ChainOfHindsight varied = ChainOfHindsight.varied();
    assertThat(varied.markers()).hasSize(12).doesNotHaveDuplicates();
    assertThat(varied.markers().get(0)).isEqualTo(ChainOfHindsight.standard().markers().get(0));
    assertThat(varied.of(pairs()).chains()).hasSize(6 * 12 * 4);
    FineTuningResult result =
        trainer().hindsight(varied).batchSize(48).epochs(1).train(pairs().subList(0, 2));
    result.model().close();
    assertThat(result.report().kept()).isEqualTo(96);
  }

  private static List<Double> losses(FineTuningResult result) {
    return result.metrics().stream().map(m -> value(m, "loss")).toList();
  }

  @Test
  void aStoppedRunResumesToTheSameBits(@TempDir Path folder) {
    HindsightTrainer trainer = trainer().pretraining(texts(4), 0.01).checkpointEvery(2);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(m -> updates.incrementAndGet())
                    .cancellation(() -> updates.get() >= 3)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(
            () -> trainer.runFolder(folder).onMetrics(HindsightTrainerTest::die).train(pairs()))
        .hasMessage("died");
    FineTuningResult second = trainer.runFolder(folder).train(pairs());
    FineTuningResult uncut = trainer.train(pairs());
    try (DecoderModel resumed = second.model();
        DecoderModel whole = uncut.model()) {
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(losses(second)).hasSize(8).isEqualTo(losses(uncut));
    }
    assertThatThrownBy(() -> trainer.pretraining(texts(5), 0.01).runFolder(folder).train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("pretraining");
  }

  private static void die(Metrics metrics) {
    if (metrics.step() == 7) {
      throw new IllegalStateException("died");
    }
  }

  @Test
  void theLearnerTakesTheSeedAndBadSettingsAreNamed() {
    try (DecoderModel a =
            (DecoderModel)
                HindsightTrainer.learner(t -> t.learningRate(1e-3).batchSize(6))
                    .train(base, pairs(), TrainingContext.of(5));
        DecoderModel b =
            HindsightTrainer.of(base)
                .learningRate(1e-3)
                .batchSize(6)
                .seed(5)
                .train(pairs())
                .model()) {
      assertThat(a.weights().contentHash()).isEqualTo(b.weights().contentHash());
    }
    assertThatThrownBy(() -> trainer().pretraining(List.of(), 0.01))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 texts");
    assertThatThrownBy(() -> trainer().pretraining(texts(1), 0)).hasMessageContaining("0.0");
  }
}
