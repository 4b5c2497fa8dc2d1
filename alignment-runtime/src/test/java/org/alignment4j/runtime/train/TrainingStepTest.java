package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.SharedFiles;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.TrainFixture.Sequence;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and gradients of full training. */
class TrainingStepTest {

  static TrainingStep step(DecoderFixture model, Trainable trainable) {
    return new TrainingStep(model.engine, trainable, new MeanLoss(), Runnable::run, 1);
  }

  static float[] floats(FloatBuffer b) {
    float[] a = new float[b.remaining()];
    b.get(a);
    return a;
  }

  private static void compare(FlatParameters actual, FlatParameters expected, float tolerance) {
    for (FlatLayout.Slot slot : actual.layout().slots()) {
      float[] a = floats(actual.slice(slot.name()));
      float[] e = floats(expected.slice(slot.name()));
      for (int i = 0; i < a.length; i++) {
        assertThat(a[i]).as("%s[%d]", slot.name(), i).isCloseTo(e[i], within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void lossAndGradientsEqualTheReference(String name) throws Exception {
    TrainFixture fixture = TrainFixture.load(name);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name);
        TrainingStep step = step(model, Trainable.all(model.weights));
        SafetensorsFile file =
            SafetensorsFile.open(
                SharedFiles.require("fixtures/train/" + name + ".grads.safetensors"))) {
      // A second run must not see what the first left.
      step.run(List.of(fixture.padded(), fixture.padded()));
      TrainingStep.Outcome outcome = step.run(List.of(fixture.padded()));
      double expectedLoss = fixture.json().get("loss").doubleValue();
      assertThat(outcome.loss()).isCloseTo(expectedLoss, within(1e-5));
      assertThat(outcome.metrics().get("log_prob")).isCloseTo(-expectedLoss, within(1e-5));
      double squares = 0;
      for (String p : file.tensors().keySet()) {
        float[] expected = floats(file.read(p).data());
        float[] actual = floats(step.gradients().slice(p));
        for (int i = 0; i < expected.length; i++) {
          squares += (double) actual[i] * actual[i];
          assertThat(actual[i])
              .as("%s[%d]", p, i)
              .isCloseTo(expected[i], within(1e-5f + 1e-4f * Math.abs(expected[i])));
        }
      }
      double norm = fixture.json().get("grad_total_norm").doubleValue();
      assertThat(Math.sqrt(squares)).isCloseTo(norm, within(1e-4 * norm));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void splittingAndPackingChangeNothing(String name) throws Exception {
    List<Sequence> sequences = TrainFixture.load("gpt2-tiny").sequences();
    int total = TrainFixture.predicted(sequences);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name);
        TrainingStep whole = step(model, Trainable.all(model.weights));
        TrainingStep other = step(model, Trainable.all(model.weights))) {
      double loss = whole.run(List.of(TrainFixture.padded(sequences, total))).loss();
      List<MicroBatch> split =
          List.of(
              TrainFixture.padded(sequences.subList(0, 1), total),
              TrainFixture.padded(sequences.subList(1, 3), total));
      assertThat(other.run(split).loss()).isCloseTo(loss, within(1e-5));
      compare(other.gradients(), whole.gradients(), 1e-5f);
      List<MicroBatch> packed = List.of(TrainFixture.packed(sequences, total));
      assertThat(other.run(packed).loss()).isCloseTo(loss, within(1e-5));
      compare(other.gradients(), whole.gradients(), 1e-5f);
    }
  }

  /** A loss that the model has no part in. */
  private record Constant() implements Objective {
    @Override
    public Object key() {
      return this;
    }

    @Override
    public ObjectiveGraph build(Ops ops, Value logProbs) {
      Value weights = ops.graph().parameter("weights", Shape.of(logProbs.dim(0)), false);
      return new ObjectiveGraph(ops.sumAll(weights), Map.of());
    }
  }

  @ParameterizedTest
  @CsvSource({"false, 1", "true, 0"})
  void aStepThatIsRefusedKeepsNothing(boolean trains, int threads) {
    Architecture small = LlamaConfigs.create(24, 16, 1, 2, 1, 16, 12, 1, 2);
    Trainable trainable = Trainable.all(InitialWeights.create(small, 5));
    Objective objective = trains ? new MeanLoss() : new Constant();
    DecoderEngine engine = new DecoderEngine(OrtRuntime.create(DevicePolicy.CPU), small);
    assertThatThrownBy(() -> new TrainingStep(engine, trainable, objective, Runnable::run, threads))
        .isInstanceOf(IllegalArgumentException.class);
    engine.release();
    assertThatThrownBy(engine::retain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
