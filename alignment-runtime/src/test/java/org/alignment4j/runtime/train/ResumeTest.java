package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that are cancelled or fail lose nothing that was saved, and continue exactly. */
class ResumeTest {
  private static final String MODEL = "gpt2-tiny";
  private static final long STEPS = 12;

  @TempDir Path folder;

  /** A sequence or two a step, drawn from the step's own random numbers. */
  private record Drawn(List<TrainFixture.Sequence> sequences, long steps, LongConsumer seen)
      implements MicroBatchSource {

    @Override
    public List<MicroBatch> at(long step) {
      seen.accept(step);
      SplittableRandom random = new SplittableRandom(step);
      List<TrainFixture.Sequence> drawn = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(2); i++) {
        drawn.add(sequences.get(random.nextInt(sequences.size())));
      }
      return List.of(TrainFixture.padded(drawn, TrainFixture.predicted(drawn)));
    }

    @Override
    public Map<String, String> description() {
      return Map.of("data", "drawn");
    }
  }

  private static Drawn source(long steps, LongConsumer seen) throws Exception {
    return new Drawn(TrainFixture.load(MODEL).sequences(), steps, seen);
  }

  private static TrainingOptions options() {
    return TrainingOptions.of(LearningRateSchedule.cosine(1e-3, 0.1).warmUp(5)).checkpoints(3, 2);
  }

  private static String train(
      DecoderFixture model, MicroBatchSource source, TrainingContext context, Path path) {
    return train(model, options(), source, context, path);
  }

  private static String train(
      DecoderFixture model,
      TrainingOptions options,
      MicroBatchSource source,
      TrainingContext context,
      Path path) {
    return new Trainer(model.engine, "sft", options, context)
        .run(Trainable.all(model.weights), new MeanLoss(), source, path)
        .weights()
        .contentHash();
  }

  /** Every optimiser, with noise and without. */
  static Stream<TrainingOptions> runs() {
    TrainingNoise noise = TrainingNoise.none().dropout(0.1).neftune(5).seed(2);
    return OptimizerCases.all()
        .map(
            optimizer -> {
              TrainingOptions run = options().optimizer(optimizer);
              return optimizer instanceof AdamWConfig ? run : run.noise(noise);
            });
  }

  @ParameterizedTest
  @MethodSource("runs")
  void cancellationSavesAndContinuesExactly(TrainingOptions run, @TempDir Path uninterrupted)
      throws Exception {
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      String expected =
          train(model, run, source(STEPS, s -> {}), TrainerTest.context(), uninterrupted);
      Cancellation cancellation = new Cancellation();
      MicroBatchSource cancelling =
          source(
              STEPS,
              s -> {
                if (s == 5) {
                  cancellation.cancel();
                }
              });
      assertThatThrownBy(
              () ->
                  train(
                      model,
                      run,
                      cancelling,
                      TrainerTest.context().cancellation(cancellation),
                      folder))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("sft was cancelled after step 5")
          .hasMessageContaining(folder.toString());
      MicroBatchSource interrupting =
          source(
              STEPS,
              s -> {
                assertThat(s).isGreaterThan(5);
                if (s == 8) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThatThrownBy(() -> train(model, run, interrupting, TrainerTest.context(), folder))
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("after step 8");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(train(model, run, source(STEPS, s -> {}), TrainerTest.context(), folder))
          .isEqualTo(expected);
    }
  }

  /** The result does not depend on what is computed again, so a stopped run may change it. */
  @ParameterizedTest
  @EnumSource(Recomputation.class)
  void aRunContinuesExactlyWithOrWithoutRecomputation(
      Recomputation first, @TempDir Path uninterrupted) throws Exception {
    TrainingOptions run = options().noise(TrainingNoise.none().dropout(0.1).neftune(5).seed(2));
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      String expected =
          train(model, run, source(STEPS, s -> {}), TrainerTest.context(), uninterrupted);
      Cancellation cancellation = new Cancellation();
      MicroBatchSource cancelling =
          source(
              STEPS,
              s -> {
                if (s == 5) {
                  cancellation.cancel();
                }
              });
      TrainingContext cancelled = TrainerTest.context().cancellation(cancellation);
      assertThatThrownBy(
              () -> train(model, run.recomputation(first), cancelling, cancelled, folder))
          .isInstanceOf(CancelledException.class);
      Recomputation second =
          first == Recomputation.NONE ? Recomputation.BLOCKS : Recomputation.NONE;
      MicroBatchSource rest = source(STEPS, s -> assertThat(s).isGreaterThan(5));
      assertThat(train(model, run.recomputation(second), rest, TrainerTest.context(), folder))
          .isEqualTo(expected);
    }
  }

  @Test
  void aFullDiskKeepsTheOlderCheckpoint(@TempDir Path uninterrupted) throws Exception {
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      String expected = train(model, source(STEPS, s -> {}), TrainerTest.context(), uninterrupted);
      // One checkpoint makes fewer than 30 changes to the disk, four make more than 45.
      FailingDisk full = new FailingDisk(FailingDisk.Failure.FULL, 30);
      assertThatThrownBy(
              () ->
                  new Trainer(model.engine, "sft", options(), TrainerTest.context())
                      .run(
                          Trainable.all(model.weights),
                          new MeanLoss(),
                          source(STEPS, s -> {}),
                          description -> RunFolder.open(folder, description, 2, full)))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("free disk space and run again");
      List<Long> resumed = new ArrayList<>();
      assertThat(train(model, source(STEPS, resumed::add), TrainerTest.context(), folder))
          .isEqualTo(expected);
      assertThat(resumed.get(0)).isGreaterThan(3);
    }
  }

  @Test
  void aClockThatGoesBackChangesNothing(@TempDir Path other) throws Exception {
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      String expected = train(model, source(STEPS, s -> {}), TrainerTest.context(), folder);
      long[] now = {Long.MAX_VALUE};
      List<Double> rates = new ArrayList<>();
      TrainingContext backwards =
          new TrainingContext(
              Runnable::run,
              2,
              progress ->
                  progress.remaining().ifPresent(left -> assertThat(left.isNegative()).isFalse()),
              () -> false,
              () -> now[0] -= 1_000_000_000_000L);
      assertThat(train(model, source(STEPS, s -> {}), backwards, other)).isEqualTo(expected);
      try (RunFolder run = RunFolder.open(other, describe(model), 2)) {
        run.metrics().forEach(m -> rates.add(m.values().get("tokens_per_second")));
      }
      assertThat(rates).hasSize((int) STEPS).allMatch(rate -> rate == 0);
    }
  }

  private static Map<String, String> describe(DecoderFixture model) throws Exception {
    return RunDescription.of(
        "sft",
        model.architecture,
        Trainable.all(model.weights),
        new MeanLoss(),
        source(STEPS, s -> {}),
        options());
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedByName() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    List<Path> places = new ArrayList<>(List.of(file, file.resolve("run"), Path.of("/proc/run")));
    Path readOnly = Files.createDirectory(folder.resolve("read-only"));
    // The superuser writes there all the same.
    if (readOnly.toFile().setReadOnly() && !Files.isWritable(readOnly)) {
      places.add(readOnly);
    }
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      for (Path place : places) {
        assertThatThrownBy(() -> train(model, source(STEPS, s -> {}), TrainerTest.context(), place))
            .isInstanceOf(AlignmentException.class)
            .hasMessageContaining(place.toString());
      }
      assertThat(file).hasContent("no folder");
    } finally {
      assertThat(readOnly.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void aRunInTheFolderOfARunningOneIsRefused() throws Exception {
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      String expected =
          train(model, source(STEPS, s -> {}), TrainerTest.context(), folder.resolve("alone"));
      List<Throwable> refusals = new ArrayList<>();
      MicroBatchSource second = source(STEPS, s -> {});
      MicroBatchSource first =
          source(
              STEPS,
              s -> {
                try {
                  train(model, second, TrainerTest.context(), folder.resolve("both"));
                } catch (RunFolderException e) {
                  refusals.add(e);
                }
              });
      assertThat(train(model, first, TrainerTest.context(), folder.resolve("both")))
          .isEqualTo(expected);
      assertThat(refusals).hasSize((int) STEPS);
      assertThat(refusals.get(0)).hasMessageContaining(folder.resolve("both").toString());
    }
  }

  /** The weighted loss with a part whose value is 0 and whose gradient is not a number. */
  private record NoGradient() implements Objective {
    @Override
    public Object key() {
      return this;
    }

    @Override
    public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
      Value nothing = ops.sqrt(ops.scale(ops.sumAll(labelLogProbs), 0));
      return new ObjectiveGraph(ops.add(ops.sumAll(labelLogProbs), nothing), Map.of());
    }
  }

  @Test
  void aLossThatIsNotFiniteStopsTheRun() throws Exception {
    MicroBatch good = TrainFixture.load(MODEL).padded();
    float[] weights = new float[good.rows().length];
    weights[0] = Float.NaN;
    MicroBatch bad =
        new MicroBatch(
            good.tokens(),
            good.rows(),
            good.labels(),
            Map.of("weights", new FloatInput(weights, weights.length)));
    MicroBatchSource source = new Diverging(good, bad);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> train(model, source, TrainerTest.context(), folder))
            .isInstanceOfSatisfying(
                TrainingDivergedException.class, e -> assertThat(e.step()).isEqualTo(5))
            .hasMessageContaining("the loss must be finite but was NaN in step 5");
      }
      Map<String, String> description =
          RunDescription.of(
              "sft",
              model.architecture,
              Trainable.all(model.weights),
              new MeanLoss(),
              source,
              options());
      try (RunFolder run = RunFolder.open(folder, description, 2)) {
        assertThat(run.resumed().orElseThrow().step()).isEqualTo(3);
      }
    }
  }

  /** Step 5 cannot be computed. */
  private record Diverging(MicroBatch good, MicroBatch bad) implements MicroBatchSource {
    @Override
    public long steps() {
      return STEPS;
    }

    @Override
    public List<MicroBatch> at(long step) {
      return List.of(step == 5 ? bad : good);
    }

    @Override
    public Map<String, String> description() {
      return Map.of("data", "diverging");
    }
  }

  @Test
  void aGradientThatIsNotFiniteNamesItsTensor() throws Exception {
    MicroBatch batch = TrainFixture.load(MODEL).padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + MODEL)) {
      Trainer trainer = new Trainer(model.engine, "sft", options(), TrainerTest.context());
      assertThatThrownBy(
              () ->
                  trainer.run(
                      Trainable.all(model.weights),
                      new NoGradient(),
                      TrainFixture.repeated(2, List.of(batch))))
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("gradients must be finite but transformer.wte.weight has NaN");
    }
  }
}
