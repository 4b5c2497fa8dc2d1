package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What noise does to losses and gradients. */
class TrainingNoiseTest {
  /** So close to 1 that nothing of a small batch is kept. */
  private static final double EVERYTHING = 1 - 1e-9;

  private static TrainingStep step(DecoderFixture model, Trainable trainable, TrainingNoise noise) {
    return new TrainingStep(model.engine, trainable, new MeanLoss(), noise, Runnable::run, 1);
  }

  private static double loss(
      DecoderFixture model, Trainable trainable, TrainingNoise noise, MicroBatch batch) {
    try (TrainingStep step = step(model, trainable, noise)) {
      return step.run(List.of(batch)).loss();
    }
  }

  private static Trainable zeroed(DecoderFixture model, Predicate<String> names) {
    List<WeightTensor> zeros = new ArrayList<>();
    for (WeightTensor w : model.weights.tensors()) {
      if (names.test(w.name())) {
        zeros.add(
            new WeightTensor(
                w.name(), w.shape(), FlatParameters.allocate(Math.toIntExact(w.size()))));
      }
    }
    assertThat(zeros).isNotEmpty();
    Weights weights = model.weights.with(zeros);
    return Trainable.all(weights);
  }

  /** Dropping all that blocks add is a model whose blocks add nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void residualDropoutMasksWhatBlocksAdd(String name) throws Exception {
    MicroBatch batch = TrainFixture.load(name).padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name)) {
      Predicate<String> outputs =
          n -> n.contains("c_proj") || n.contains("o_proj") || n.contains("down_proj");
      double expected = loss(model, zeroed(model, outputs), TrainingNoise.none(), batch);
      TrainingNoise all = new TrainingNoise(0, 0, EVERYTHING, 0, 0, 1);
      assertThat(loss(model, Trainable.all(model.weights), all, batch))
          .isCloseTo(expected, within(1e-5))
          .isNotCloseTo(
              loss(model, Trainable.all(model.weights), TrainingNoise.none(), batch), within(1e-3));
    }
  }

  @Test
  void risingProbabilitiesAreMonotoneWithExactEnds() {
    TrainingNoise rising = TrainingNoise.none().risingResidualDropout(0.3);
    for (int blocks : new int[] {2, 3, 24, 80}) {
      assertThat(rising.residualDropout(0, blocks)).isZero();
      assertThat(rising.residualDropout(blocks - 1, blocks)).isEqualTo(0.3);
      for (int block = 1; block < blocks; block++) {
        assertThat(rising.residualDropout(block, blocks))
            .isGreaterThan(rising.residualDropout(block - 1, blocks));
      }
    }
    assertThat(rising.residualDropout(0, 1)).isZero();
    TrainingNoise even = TrainingNoise.none().dropout(0.1);
    assertThat(even.residualDropout(1, 3)).isEqualTo(0.1);
    assertThat(rising.seed(7).neftune(5).adapterDropout(0.1).residualDropout(0, 2)).isZero();
    assertThatThrownBy(() -> rising.residualDropout(2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("block must be in [0, 2) but was 2");
  }

  /** Attending to nothing is a model without values. */
  @Test
  void attentionDropoutMasksWeightsAfterTheSoftmax() throws Exception {
    MicroBatch batch = TrainFixture.load("llama-tiny").padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/llama-tiny")) {
      double expected =
          loss(model, zeroed(model, n -> n.contains("v_proj")), TrainingNoise.none(), batch);
      TrainingNoise all = new TrainingNoise(0, 0, 0, EVERYTHING, 0, 1);
      assertThat(loss(model, Trainable.all(model.weights), all, batch))
          .isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void adapterDropoutMasksTheAdapterAlone() throws Exception {
    MicroBatch batch = TrainFixture.load("gpt2-tiny").padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      double base = loss(model, Trainable.all(model.weights), TrainingNoise.none(), batch);
      Trainable adapter = Trainable.adapter(model.weights, model.architecture, Lora.rank(2));
      TrainingNoise all = TrainingNoise.none().adapterDropout(EVERYTHING);
      try (TrainingStep step = step(model, adapter, all);
          TrainingStep whole = step(model, adapter, TrainingNoise.none())) {
        OptimizerCases.fill(step.parameters(), 1, 0.1);
        OptimizerCases.fill(whole.parameters(), 1, 0.1);
        assertThat(step.run(List.of(batch)).loss()).isCloseTo(base, within(1e-6));
        assertThat(whole.run(List.of(batch)).loss()).isNotCloseTo(base, within(1e-3));
      }
    }
  }

  /**
   * Where each token occurs once and the table is no head, the noise may as well be in the table.
   */
  @Test
  void neftuneAddsToTokenEmbeddings() throws Exception {
    int[] tokens = {11, 7, 300, 45, 2, 9};
    float[] weights = new float[5];
    java.util.Arrays.fill(weights, 0.2f);
    MicroBatch batch =
        new MicroBatch(
            TokenBatch.rightPadded(List.of(tokens)),
            new long[] {0, 1, 2, 3, 4},
            new long[] {7, 300, 45, 2, 9},
            Map.of("weights", new FloatInput(weights, 5)));
    TrainingNoise noise = TrainingNoise.none().neftune(5).seed(9);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/llama-tiny")) {
      Trainable all = Trainable.all(model.weights);
      NoiseSource source =
          new NoiseSource(noise, model.architecture, all, Set.of("neftune"), Runnable::run, 1);
      float[] added;
      try (Tensor drawn = source.draw(model.runtime, batch, 1, 0).get("neftune")) {
        added = TrainingStepTest.floats(drawn.floats());
      }
      WeightTensor table = model.weights.get("model.embed_tokens.weight");
      FloatBuffer noisy = FlatParameters.allocate(Math.toIntExact(table.size()));
      noisy.put(table.data().duplicate()).rewind();
      for (int t = 0; t < tokens.length; t++) {
        for (int i = 0; i < 64; i++) {
          int at = tokens[t] * 64 + i;
          noisy.put(at, noisy.get(at) + added[t * 64 + i]);
        }
      }
      Weights changed =
          model.weights.with(List.of(new WeightTensor(table.name(), table.shape(), noisy)));
      double expected = loss(model, Trainable.all(changed), TrainingNoise.none(), batch);
      double plain = loss(model, all, TrainingNoise.none(), batch);
      assertThat(loss(model, all, noise, batch))
          .isCloseTo(expected, within(1e-5))
          .isNotCloseTo(plain, within(1e-3));
    }
  }

  @Test
  void updatesDifferAndRepeat() throws Exception {
    MicroBatch batch = TrainFixture.load("gpt2-tiny").padded();
    TrainingNoise noise = TrainingNoise.none().dropout(0.1).neftune(5);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny");
        TrainingStep step = step(model, Trainable.all(model.weights), noise)) {
      double first = step.run(List.of(batch), 1).loss();
      assertThat(step.run(List.of(batch), 2).loss()).isNotEqualTo(first);
      assertThat(step.run(List.of(batch), 1).loss()).isEqualTo(first);
    }
  }

  private static double lossAt(
      TrainingStep step, MicroBatch batch, FloatBuffer tensor, float[] from, float[] by, double h) {
    for (int i = 0; i < from.length; i++) {
      tensor.put(i, (float) (from[i] + h * by[i]));
    }
    return step.run(List.of(batch), 3).loss();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void gradientsEqualDirectionalDifferences(String name) throws Exception {
    MicroBatch batch = TrainFixture.load(name).padded();
    TrainingNoise noise = TrainingNoise.none().dropout(0.2).adapterDropout(0.3).neftune(5).seed(4);
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name)) {
      Trainable adapter = Trainable.adapter(model.weights, model.architecture, Lora.rank(3));
      compare(model, adapter, noise, batch);
      compare(model, Trainable.weights(model.weights, n -> n.contains("1.")), noise, batch);
    }
  }

  private static void compare(
      DecoderFixture model, Trainable trainable, TrainingNoise noise, MicroBatch batch) {
    try (TrainingStep step = step(model, trainable, noise)) {
      FlatParameters parameters = step.parameters();
      SplittableRandom random = new SplittableRandom(1);
      for (FlatLayout.Slot slot : parameters.layout().slots()) {
        FloatBuffer tensor = parameters.slice(slot.name());
        for (int i = 0; i < slot.size(); i++) {
          tensor.put(i, (float) (tensor.get(i) + 0.2 * random.nextDouble() - 0.1));
        }
      }
      step.run(List.of(batch), 3);
      Map<String, float[]> gradients = new HashMap<>();
      for (FlatLayout.Slot slot : parameters.layout().slots()) {
        gradients.put(slot.name(), TrainingStepTest.floats(step.gradients().slice(slot.name())));
      }
      gradients.forEach(
          (parameter, gradient) -> {
            double squares = 0;
            for (float g : gradient) {
              squares += (double) g * g;
            }
            double length = Math.sqrt(squares);
            float[] direction = gradient.clone();
            for (int i = 0; i < direction.length; i++) {
              direction[i] /= (float) Math.max(length, 1e-12);
            }
            FloatBuffer tensor = parameters.slice(parameter);
            float[] start = TrainingStepTest.floats(parameters.slice(parameter));
            double h = Math.min(0.05, 0.01 / Math.max(length, 1e-6));
            double up = lossAt(step, batch, tensor, start, direction, h);
            double down = lossAt(step, batch, tensor, start, direction, -h);
            lossAt(step, batch, tensor, start, direction, 0);
            assertThat((up - down) / (2 * h))
                .as(parameter)
                .isCloseTo(length, within(0.01 * length + 1e-4));
          });
    }
  }
}
