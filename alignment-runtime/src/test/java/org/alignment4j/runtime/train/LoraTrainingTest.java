package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapter training: gradients, the reference without the adapter, and merging. */
class LoraTrainingTest {

  private static double norm(float[] values) {
    double squares = 0;
    for (float v : values) {
      squares += (double) v * v;
    }
    return Math.sqrt(squares);
  }

  /** Moves a tensor along a direction; the loss there. */
  private static double lossAt(
      TrainingStep step, MicroBatch batch, FloatBuffer tensor, float[] from, float[] by, double h) {
    for (int i = 0; i < from.length; i++) {
      tensor.put(i, (float) (from[i] + h * by[i]));
    }
    return step.run(List.of(batch)).loss();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void gradientsEqualDirectionalDifferences(String name) throws Exception {
    MicroBatch batch = TrainFixture.load(name).padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name);
        TrainingStep step =
            TrainingStepTest.step(
                model, Trainable.adapter(model.weights, model.architecture, Lora.rank(3)))) {
      SplittableRandom random = new SplittableRandom(1);
      FlatParameters parameters = step.parameters();
      for (FlatLayout.Slot slot : parameters.layout().slots()) {
        FloatBuffer tensor = parameters.slice(slot.name());
        for (int i = 0; i < slot.size(); i++) {
          tensor.put(i, (float) (0.2 * random.nextDouble() - 0.1));
        }
      }
      int linears = name.startsWith("gpt2") ? 4 : 7;
      assertThat(parameters.layout().slots()).hasSize(3 * linears * 2);
      step.run(List.of(batch));
      Map<String, float[]> gradients = new HashMap<>();
      for (FlatLayout.Slot slot : parameters.layout().slots()) {
        gradients.put(slot.name(), TrainingStepTest.floats(step.gradients().slice(slot.name())));
      }
      gradients.forEach(
          (parameter, gradient) -> {
            FloatBuffer tensor = parameters.slice(parameter);
            float[] start = TrainingStepTest.floats(parameters.slice(parameter));
            double length = norm(gradient);
            assertThat(length).as(parameter).isPositive();
            float[] direction = gradient.clone();
            for (int i = 0; i < direction.length; i++) {
              direction[i] /= (float) length;
            }
            double h = Math.min(0.05, 0.01 / length);
            double up = lossAt(step, batch, tensor, start, direction, h);
            double down = lossAt(step, batch, tensor, start, direction, -h);
            lossAt(step, batch, tensor, start, direction, 0);
            assertThat((up - down) / (2 * h))
                .as(parameter)
                .isCloseTo(length, within(0.01 * length + 1e-4));
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void rankZeroIsTheBaseInEveryBit(String name) throws Exception {
    MicroBatch batch = TrainFixture.load(name).padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name)) {
      Trainable.Adapter adapter =
          Trainable.adapter(model.weights, model.architecture, Lora.rank(2));
      Map<String, Tensor> feeds = new HashMap<>(model.bound.tensors());
      adapter
          .start()
          .matrices()
          .forEach(
              (weight, pair) -> {
                feeds.put(
                    GraphNames.loraScale(weight), Tensor.copyOf(model.runtime, new float[] {2}));
                feeds.put(
                    GraphNames.loraA(weight),
                    Tensor.copyOf(model.runtime, new float[0], 0, pair.in()));
                feeds.put(
                    GraphNames.loraB(weight),
                    Tensor.copyOf(model.runtime, new float[0], pair.out(), 0));
              });
      float[] base = LabelLogProbs.of(model.engine, model.bound, batch);
      assertThat(LabelLogProbs.run(model.engine, adapter.start().matrices().keySet(), feeds, batch))
          .containsExactly(base);
      assertThat(LabelLogProbs.of(model.engine, model.bound, adapter.start(), batch))
          .containsExactly(base);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void aTrainedAdapterActsAsItsMergedWeights(String name) throws Exception {
    MicroBatch batch = TrainFixture.load(name).padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name)) {
      float[] base = LabelLogProbs.of(model.engine, model.bound, batch);
      TrainingOptions options = TrainingOptions.of(LearningRateSchedule.constant(1e-2));
      TrainingResult result =
          new Trainer(model.engine, "sft", options, TrainerTest.context())
              .run(
                  Trainable.adapter(model.weights, model.architecture, Lora.rank(4)),
                  new MeanLoss(),
                  TrainFixture.repeated(8, List.of(batch)));
      double first = result.metrics().get(0).values().get("loss");
      double last = result.metrics().get(7).values().get("loss");
      assertThat(last).isLessThan(0.7 * first);
      assertThat(result.weights()).isSameAs(model.weights);
      LoraAdapter adapter = result.adapter().orElseThrow();
      float[] adapted = LabelLogProbs.of(model.engine, model.bound, adapter, batch);
      try (BoundWeights merged =
          BoundWeights.of(
              model.runtime,
              adapter.mergedInto(model.weights, model.architecture.config().linear()))) {
        float[] expected = LabelLogProbs.of(model.engine, merged, batch);
        for (int i = 0; i < expected.length; i++) {
          assertThat(adapted[i]).isCloseTo(expected[i], within(1e-4f));
        }
      }
      assertThat(LabelLogProbs.of(model.engine, model.bound, batch)).containsExactly(base);
    }
  }
}
