package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alignment4j.api.CancelledException;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.loss.DpoVariants;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.rlhf.loss.ReferenceFreeLosses;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Trainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References that follow the model, and weights that do. */
class ReferenceSyncTest extends PocketTraining {
  private static final double SHARE = 0.6;

  private static PreferenceTrainer trainer(boolean adapter, long every) {
    PreferenceTrainer trainer =
        preferences()
            .batchSize(6)
            .epochs(5)
            .schedule(LearningRateSchedule.constant(adapter ? 1e-2 : 1e-3))
            .referenceSync(new ReferenceSync(SHARE, every));
    return adapter ? trainer.adapter(Lora.rank(4).seed(1)) : trainer;
  }

  private static String hash(DecoderModel model) {
    return model.adapter() == null
        ? model.weights().contentHash()
        : model.adapter().tensors().contentHash();
  }

  /** What the reference must be after two updates, mixed by hand. */
  private static DecoderModel mixed(DecoderModel after) {
    Trainable start =
        after.adapter() == null
            ? Trainable.all(base.weights())
            : Trainable.adapter(base.weights(), base.architecture(), Lora.rank(4).seed(1));
    Trainable trained =
        after.adapter() == null
            ? Trainable.all(after.weights())
            : new Trainable.Adapter(base.weights(), after.adapter());
    FlatParameters mixture = start.toParameters();
    FlatParameters present = trained.toParameters();
    for (FlatLayout.Slot slot : mixture.layout().slots()) {
      FloatBuffer to = mixture.slice(slot.name());
      FloatBuffer from = present.slice(slot.name());
      for (int i = 0; i < slot.size(); i++) {
        to.put(i, (float) (SHARE * from.get(i) + (1 - SHARE) * to.get(i)));
      }
    }
    return start instanceof Trainable.Adapter adapter
        ? base.withAdapter(adapter.start().withParameters(mixture))
        : base.withWeights(
            base.weights()
                .with(
                    mixture.layout().slots().stream()
                        .map(slot -> mixture.snapshot(slot.name()))
                        .toList()));
  }

  private static double loss(DecoderModel model, DecoderModel reference) {
    return PreferenceEvaluation.of(
            model, reference, pairs(), PreferenceLoss.dpo(0.1), SequenceLimits.of(128))
        .loss();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theReferenceMovesTowardTheModel(boolean adapter) {
    FineTuningResult result = trainer(adapter, 2).train(pairs());
    result.model().close();
    try (DecoderModel two = trainer(adapter, 100).epochs(2).train(pairs()).model();
        DecoderModel reference = mixed(two)) {
      double third = value(result.metrics().get(2), "loss");
      assertThat(third).isCloseTo(loss(two, reference), within(1e-4));
      assertThat(loss(two, base)).isNotCloseTo(third, within(1e-2));
    }
  }

  /** A reference that is the model before every update leaves every loss at ln 2. */
  @Test
  void aReplacedReferenceIsTheModel() {
    FineTuningResult result =
        trainer(false, 1).referenceSync(new ReferenceSync(1, 1)).train(pairs());
    result.model().close();
    assertThat(result.metrics())
        .allSatisfy(m -> assertThat(value(m, "loss")).isCloseTo(Math.log(2), within(1e-4)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptedRunsEndInTheSameBits(boolean adapter, @TempDir Path folder) {
    PreferenceTrainer trainer =
        trainer(adapter, 2).weighting(PairWeighting.PRESENT_POLICY).checkpointEvery(2);
    FineTuningResult whole = trainer.train(pairs());
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(
                        m -> {
                          if (m.step() == 3) {
                            throw new IllegalStateException("died");
                          }
                        })
                    .train(pairs()))
        .hasMessage("died");
    AtomicBoolean stop = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(folder)
                    .onMetrics(m -> stop.set(m.step() == 3))
                    .cancellation(stop::get)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    FineTuningResult resumed = trainer.runFolder(folder).train(pairs());
    try (DecoderModel model = resumed.model();
        DecoderModel expected = whole.model()) {
      assertThat(hash(model)).isEqualTo(hash(expected));
      for (String name : List.of("loss", "pair_weights")) {
        assertThat(resumed.metrics().stream().map(m -> value(m, name)).toList())
            .isEqualTo(whole.metrics().stream().map(m -> value(m, name)).toList());
      }
    }
    assertThatThrownBy(
            () ->
                trainer.referenceSync(new ReferenceSync(SHARE, 3)).runFolder(folder).train(pairs()))
        .hasMessageContaining("reference_sync");
  }

  @Test
  void weightsMultiplyTheLossOfEachPair() {
    FineTuningResult result =
        preferences().batchSize(6).epochs(1).weighting(PairWeighting.PRESENT_POLICY).train(pairs());
    result.model().close();
    double weight = value(result.metrics().get(0), "pair_weights");
    assertThat(weight).isPositive().isNotCloseTo(1, within(0.01));
    assertThat(value(result.metrics().get(0), "loss"))
        .as("every loss is ln 2 at first")
        .isCloseTo(weight * Math.log(2), within(1e-4));
  }

  @Test
  void whatDoesNotFitTheLossIsRefused() {
    assertThatThrownBy(
            () ->
                PreferenceTrainer.of(base, ReferenceFreeLosses.orpo(0.1))
                    .referenceSync(ReferenceSync.standard()))
        .hasMessageContaining("referenceSync must be of a loss with reference");
    for (PreferenceLoss loss :
        List.of(DpoVariants.aot(0.1), DpoVariants.weighted(PreferenceLoss.dpo(0.1)))) {
      assertThatThrownBy(
              () -> PreferenceTrainer.of(base, loss).weighting(PairWeighting.PRESENT_POLICY))
          .hasMessageContaining("weighting must be EQUAL");
    }
    assertThatThrownBy(() -> new ReferenceSync(0, 1))
        .hasMessage("share must be in (0, 1] but was 0.0");
    assertThatThrownBy(() -> new ReferenceSync(0.5, 0))
        .hasMessage("every must be at least 1 but was 0");
    assertThat(ReferenceSync.standard()).isEqualTo(new ReferenceSync(0.6, 512));
  }
}
