package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.train.LatentAdversary.Start;
import org.alignment4j.runtime.train.TrainingStep.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an adversary finds, what is learned from it, and what it may not perturb. */
class LatentAdversaryTest {

  private static final Logger LOG = LoggerFactory.getLogger(LatentAdversaryTest.class);
  private static final String ADVERSARIAL = "adversary/loss";
  private static final String START = "adversary/start_loss";
  private static final String CLEAN = "adversary/clean_loss";
  private static final LatentAdversary ADVERSARY =
      LatentAdversary.of(HookPoints.residPre(1), 0.5, 6);

  /** Strong enough to bring a model that has learned the batch by heart back to where it was. */
  private static final LatentAdversary STRONG = LatentAdversary.of(HookPoints.residPre(1), 3, 10);

  @TempDir Path folder;

  private static TrainingStep step(
      DecoderFixture model, Trainable trainable, LatentAdversary adversary) {
    return new TrainingStep(
        model.engine,
        trainable,
        new MeanLoss(),
        TrainingNoise.none(),
        Recomputation.NONE,
        Optional.ofNullable(adversary),
        Runnable::run,
        1);
  }

  private static Outcome outcome(
      DecoderFixture model, Trainable trainable, LatentAdversary adversary, MicroBatch batch) {
    try (TrainingStep step = step(model, trainable, adversary)) {
      return step.run(List.of(batch));
    }
  }

  /** Steps so small that the loss is nearly linear; each search begins as the shorter one did. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void everyStepRaisesTheLoss(String name) throws Exception {
    MicroBatch batch = TrainFixture.load(name).padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name)) {
      Trainable all = Trainable.all(model.weights);
      double last = outcome(model, all, null, batch).loss();
      double clean = last;
      for (int steps = 1; steps <= 5; steps++) {
        LatentAdversary adversary =
            LatentAdversary.of(HookPoints.residPre(Layers.all()), 1, steps).stepSize(0.02);
        Outcome outcome = outcome(model, all, adversary, batch);
        assertThat(outcome.adversary().get(START)).isCloseTo(clean, within(1e-5));
        assertThat(outcome.adversary().get(CLEAN)).isCloseTo(clean, within(1e-5));
        assertThat(outcome.adversary().get(ADVERSARIAL)).as("step %d", steps).isGreaterThan(last);
        assertThat(outcome.loss())
            .isCloseTo(outcome.adversary().get(ADVERSARIAL) + clean, within(1e-4));
        last = outcome.adversary().get(ADVERSARIAL);
      }
    }
  }

  @Test
  void ascentBeatsRandomPerturbationsOfTheSameNorm() throws Exception {
    MicroBatch batch = TrainFixture.load("llama-tiny").padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/llama-tiny")) {
      Trainable all = Trainable.all(model.weights);
      double clean = outcome(model, all, null, batch).loss();
      double found = outcome(model, all, ADVERSARY, batch).adversary().get(ADVERSARIAL) - clean;
      double most = 0;
      for (int seed = 0; seed < 5; seed++) {
        Outcome random =
            outcome(model, all, LatentAdversary.random(HookPoints.residPre(1), 0.5, seed), batch);
        assertThat(random.adversary()).doesNotContainKey(START);
        most = Math.max(most, random.adversary().get(ADVERSARIAL) - clean);
      }
      assertThat(found).isGreaterThan(3 * Math.max(most, 0)).isGreaterThan(0.01);
    }
  }

  private static float[] gradients(
      DecoderFixture model, Trainable trainable, LatentAdversary adversary, MicroBatch... batches) {
    try (TrainingStep step = step(model, trainable, adversary)) {
      step.run(List.of(batches));
      return TrainingStepTest.floats(step.gradients().buffer(0));
    }
  }

  @Test
  void theGradientIsThatUnderThePerturbationAndAShareOfTheCleanOne() throws Exception {
    MicroBatch batch = TrainFixture.load("gpt2-tiny").padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      Trainable all = Trainable.all(model.weights);
      float[] clean = gradients(model, all, null, batch);
      float[] perturbed = gradients(model, all, ADVERSARY.cleanWeight(0), batch);
      float[] both = gradients(model, all, ADVERSARY.cleanWeight(0.7), batch);
      float[] twice = gradients(model, all, ADVERSARY.cleanWeight(0.7), batch, batch);
      double difference = 0;
      for (int i = 0; i < clean.length; i++) {
        double expected = perturbed[i] + 0.7 * clean[i];
        assertThat((double) both[i]).isCloseTo(expected, within(1e-5 + 1e-4 * Math.abs(expected)));
        assertThat((double) twice[i])
            .isCloseTo(2 * expected, within(2e-5 + 1e-4 * Math.abs(expected)));
        difference = Math.max(difference, Math.abs(perturbed[i] - clean[i]));
      }
      assertThat(difference).isGreaterThan(1e-3);
    }
  }

  private static double attacked(DecoderFixture model, Trainable trained, MicroBatch batch) {
    return outcome(model, trained, STRONG, batch).adversary().get(ADVERSARIAL);
  }

  private TrainingResult train(
      DecoderFixture model,
      MicroBatch batch,
      Optional<LatentAdversary> adversary,
      TrainingContext context,
      Path path) {
    return new Trainer(model.engine, "sft", TrainerTest.options(1).adversary(adversary), context)
        .run(
            Trainable.all(model.weights),
            new MeanLoss(),
            TrainFixture.repeated(12, List.of(batch)),
            path);
  }

  @Test
  void learningFromItLowersWhatItCanDo() throws Exception {
    MicroBatch batch = TrainFixture.load("llama-tiny").padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/llama-tiny")) {
      double before = attacked(model, Trainable.all(model.weights), batch);
      TrainingResult plain =
          train(model, batch, Optional.empty(), TrainerTest.context(), folder.resolve("plain"));
      TrainingResult hardened =
          train(
              model, batch, Optional.of(STRONG), TrainerTest.context(), folder.resolve("hardened"));
      double ofPlain = attacked(model, Trainable.all(plain.weights()), batch);
      double ofHardened = attacked(model, Trainable.all(hardened.weights()), batch);
      LOG.info(
          "under attack: {} at first, {} trained plainly, {} against it",
          before,
          ofPlain,
          ofHardened);
      assertThat(ofHardened).isLessThan(before).isLessThan(0.8 * ofPlain);
      Map<String, Double> first = hardened.metrics().get(0).values();
      Map<String, Double> last = hardened.metrics().get(11).values();
      assertThat(last.get(ADVERSARIAL)).isLessThan(first.get(ADVERSARIAL));
      assertThat(first.get(START)).isLessThan(first.get(ADVERSARIAL));
      assertThat(first.get(CLEAN)).isCloseTo(first.get(START), within(1e-5));
    }
  }

  @Test
  void aCancelledRunEndsInTheSameBitsAndWithTheSameAdversaryOnly() throws Exception {
    MicroBatch batch = TrainFixture.load("gpt2-tiny").padded();
    LatentAdversary random = LatentAdversary.of(HookPoints.embed(), 0.3, 2).start(Start.SPHERE, 5);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      TrainingResult whole =
          train(model, batch, Optional.of(random), TrainerTest.context(), folder.resolve("whole"));
      long[] done = {0};
      TrainingContext stopping =
          TrainerTest.context()
              .metrics(metrics -> done[0] = metrics.step())
              .cancellation(() -> done[0] == 5);
      Path path = folder.resolve("stopped");
      assertThatThrownBy(() -> train(model, batch, Optional.of(random), stopping, path))
          .isInstanceOf(CancelledException.class);
      assertThatThrownBy(
              () ->
                  train(
                      model,
                      batch,
                      Optional.of(random.cleanWeight(2)),
                      TrainerTest.context(),
                      path))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("adversary")
          .hasMessageContaining("cleanWeight=2.0");
      TrainingResult resumed =
          train(model, batch, Optional.of(random), TrainerTest.context(), path);
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
    }
  }

  @Test
  void actsBesideDropoutRecomputationAndAdapters() throws Exception {
    TrainFixture fixture = TrainFixture.load("llama-tiny");
    MicroBatch packed =
        TrainFixture.packed(fixture.sequences(), TrainFixture.predicted(fixture.sequences()));
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/llama-tiny")) {
      Trainable adapter = Trainable.adapter(model.weights, model.architecture, Lora.rank(2));
      for (Recomputation recomputation : Recomputation.values()) {
        try (TrainingStep step =
            new TrainingStep(
                model.engine,
                adapter,
                new MeanLoss(),
                TrainingNoise.none().dropout(0.1).neftune(5).adapterDropout(0.1),
                recomputation,
                Optional.of(LatentAdversary.of(HookPoints.residPre(0), 0.5, 4)),
                Runnable::run,
                1)) {
          Outcome outcome = step.run(List.of(packed));
          assertThat(outcome.adversary().get(ADVERSARIAL))
              .isGreaterThan(outcome.adversary().get(START) + 1e-3);
          assertThat(outcome.adversary().get(CLEAN))
              .as("the same masks")
              .isCloseTo(outcome.adversary().get(START), within(1e-5));
        }
      }
      assertThat(outcome(model, Trainable.all(model.weights), null, packed).adversary()).isEmpty();
    }
  }

  @Test
  void refusesWhatCannotBePerturbed() throws Exception {
    assertThatThrownBy(() -> LatentAdversary.of(HookPoints.embed(), 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("radius must be positive and finite but was 0.0");
    assertThatThrownBy(() -> LatentAdversary.of(HookPoints.embed(), 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("or 0 from a random start, but were 0 from ZERO");
    assertThatThrownBy(() -> ADVERSARY.stepSize(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stepSize must be positive and finite but was -1.0");
    assertThatThrownBy(() -> ADVERSARY.cleanWeight(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cleanWeight");
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/neox-tiny")) {
      Trainable all = Trainable.weights(model.weights, Set.copyOf(model.weights.names())::contains);
      assertThatThrownBy(() -> step(model, all, LatentAdversary.of(HookPoints.residMid(0), 1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a gpt_neox model has no blocks.0.hook_resid_mid");
      assertThatThrownBy(
              () -> step(model, all, LatentAdversary.of(HookPoints.ln1Normalized(0), 1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("was given blocks.0.ln1.hook_normalized");
      assertThatThrownBy(() -> step(model, all, LatentAdversary.of(HookPoints.residPre(9), 1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("layers but was 9");
    }
  }
}
