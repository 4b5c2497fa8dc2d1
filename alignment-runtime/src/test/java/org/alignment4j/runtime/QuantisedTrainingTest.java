package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraConfig;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters trained over quantised weights. */
class QuantisedTrainingTest extends TinyTraining {

  private static final int SCORED = 20;

  /** An adapter of rank 2 all of whose numbers matter. */
  static LoraAdapter randomAdapter(Weights weights, Architecture architecture) {
    return randomAdapter(weights, architecture, Lora.rank(2));
  }

  private static LoraAdapter randomAdapter(
      Weights weights, Architecture architecture, LoraConfig config) {
    LoraAdapter start = Trainable.adapter(weights, architecture, config).start();
    FlatParameters parameters = start.toParameters();
    Random random = new Random(4);
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      FloatBuffer values = parameters.slice(slot.name());
      while (values.hasRemaining()) {
        values.put((float) (0.2 * random.nextGaussian()));
      }
    }
    return start.withParameters(parameters);
  }

  private static TrainingStep step(DecoderModel model, Set<String> besides, LoraConfig config) {
    LoraAdapter start = randomAdapter(model.weights(), model.architecture(), config);
    return new TrainingStep(
        model.engine(),
        new Trainable.Adapter(model.weights(), start, besides),
        new Nll(),
        Runnable::run,
        1);
  }

  private static MicroBatch batch(int vocab) {
    return micro(
        List.of(RotaryFamilies.tokens(12, 1, vocab), RotaryFamilies.tokens(10, 2, vocab)), SCORED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.alignment4j.runtime.QuantisedFamilies#names")
  void gradientsAreThoseOverTheDequantisedModel(String name) {
    for (Quantisation quantisation : QuantisedFamilies.quantisations(name)) {
      sameGradients(name, quantisation.activations(Activations.INT8), Lora.rank(2));
    }
  }

  /** The norms that a decomposed weight is divided by are those of the dequantised weight. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gpt2", "gpt_neox"})
  void decomposedAdaptersAreThoseOfTheDequantisedModel(String name) {
    LoraConfig config = Lora.rank(2).weightDecomposed();
    for (Quantisation quantisation : QuantisedFamilies.quantisations(name)) {
      sameGradients(name, quantisation, config);
      try (DecoderModel base = QuantisedFamilies.model(name);
          DecoderModel model = base.quantised(quantisation);
          DecoderModel floats = model.dequantised()) {
        LoraAdapter adapter = randomAdapter(model.weights(), model.architecture(), config);
        try (DecoderModel adapted = model.withAdapter(adapter);
            DecoderModel expected = floats.withAdapter(adapter)) {
          List<Continuation> texts =
              List.of(
                  Continuation.of(
                      Prompt.tokens(TokenIds.of(RotaryFamilies.tokens(9, 1, 43))),
                      TokenIds.of(RotaryFamilies.tokens(5, 2, 43))));
          assertThat(adapted.logProbabilities(texts).get(0).sum())
              .isCloseTo(expected.logProbabilities(texts).get(0).sum(), within(1e-4));
          assertThat(adapted.logProbabilities(texts).get(0).sum())
              .isNotCloseTo(floats.logProbabilities(texts).get(0).sum(), within(1e-2));
        }
      }
    }
  }

  private static void sameGradients(String name, Quantisation quantisation, LoraConfig config) {
    try (DecoderModel base = QuantisedFamilies.model(name);
        DecoderModel model = base.quantised(quantisation);
        DecoderModel floats = model.dequantised()) {
      Set<String> norm = Set.of(norm(model));
      try (TrainingStep found = step(model, norm, config);
          TrainingStep expected = step(floats, norm, config)) {
        List<MicroBatch> batches = List.of(batch(43));
        assertThat(found.run(batches).loss()).isCloseTo(expected.run(batches).loss(), within(1e-4));
        for (FlatLayout.Slot slot : found.parameters().layout().slots()) {
          FloatBuffer gradient = found.gradients().slice(slot.name());
          FloatBuffer other = expected.gradients().slice(slot.name());
          double most = 0;
          for (int i = 0; i < slot.size(); i++) {
            most = Math.max(most, Math.abs(other.get(i)));
          }
          assertThat(most).as("%s %s", quantisation, slot.name()).isPositive();
          for (int i = 0; i < slot.size(); i++) {
            assertThat(gradient.get(i))
                .as("%s %s", quantisation, slot.name())
                .isCloseTo(other.get(i), within((float) (1e-5 + 1e-4 * most)));
          }
        }
      }
    }
  }

  private static String norm(DecoderModel model) {
    return model.architecture().parameters().stream()
        .filter(p -> p.role() == Parameter.Role.NORM_WEIGHT && p.layer() == 0)
        .findFirst()
        .orElseThrow()
        .name();
  }

  /** Central differences of a decoder in float64 whose weights are {@code W + s·B·A}. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsAreDifferencesInFloat64(boolean gpt2) {
    ConfigJson config = config(gpt2);
    List<int[]> sequences =
        List.of(RotaryFamilies.tokens(9, 1, VOCAB), RotaryFamilies.tokens(7, 2, VOCAB));
    for (Quantisation quantisation : QuantisedFamilies.quantisations("gpt2")) {
      try (DecoderModel model =
              DecoderModel.of(
                  config,
                  RandomModels.weights(config, 0.3),
                  null,
                  TestModels.CPU.quantised(quantisation));
          TrainingStep step = step(model, Set.of(), Lora.rank(2))) {
        step.run(List.of(micro(sequences, 14)));
        HookedDecoder decoder = reference(gpt2, model.weights().dequantised());
        LoraAdapter adapter = randomAdapter(model.weights(), model.architecture());
        boolean inOut = model.architecture().config().linear() == LinearLayout.IN_OUT;
        Map<String, double[]> bases = new HashMap<>(decoder.weights);
        adapter
            .matrices()
            .forEach(
                (name, pair) -> {
                  double[] a = doubles(pair.a().data());
                  double[] b = doubles(pair.b().data());
                  double[] w = Objects.requireNonNull(bases.get(name));
                  decoder.weights.put(
                      name,
                      effective(w, a, b, pair.in(), pair.out(), adapter.config().scale(), inOut));
                });
        for (String name : adapter.matrices().keySet()) {
          LoraMatrices pair = Objects.requireNonNull(adapter.matrices().get(name));
          double[] base = Objects.requireNonNull(bases.get(name));
          double[] a = doubles(pair.a().data());
          double[] b = doubles(pair.b().data());
          double[] kept = Objects.requireNonNull(decoder.weights.get(name));
          double scale = adapter.config().scale();
          for (double[] matrix : List.of(a, b)) {
            String parameter = matrix == a ? LoraAdapter.aName(name) : LoraAdapter.bName(name);
            FloatBuffer gradient = step.gradients().slice(parameter);
            for (int i = 0; i < matrix.length; i += 3) {
              double old = matrix[i];
              matrix[i] = old + 1e-5;
              decoder.weights.put(name, effective(base, a, b, pair.in(), pair.out(), scale, inOut));
              double plus = loss(decoder, sequences, 14);
              matrix[i] = old - 1e-5;
              decoder.weights.put(name, effective(base, a, b, pair.in(), pair.out(), scale, inOut));
              double minus = loss(decoder, sequences, 14);
              matrix[i] = old;
              double expected = (plus - minus) / 2e-5;
              assertThat((double) gradient.get(i))
                  .as("%s %s %d", quantisation, parameter, i)
                  .isCloseTo(expected, within(2e-5 + 1e-4 * Math.abs(expected)));
            }
          }
          decoder.weights.put(name, kept);
        }
      }
    }
  }

  private static double[] doubles(FloatBuffer values) {
    double[] all = new double[values.remaining()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return all;
  }

  private static double[] effective(
      double[] w, double[] a, double[] b, int in, int out, double scale, boolean inOut) {
    double[] sum = w.clone();
    int rank = a.length / in;
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int r = 0; r < rank; r++) {
          sum[inOut ? i * out + o : o * in + i] += scale * b[o * rank + r] * a[r * in + i];
        }
      }
    }
    return sum;
  }

  /** Four bits, trained to a lower loss; the weights below are the same objects afterwards. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void trainingAnAdapterLowersTheLoss(boolean gpt2) {
    ConfigJson config = config(gpt2);
    Weights weights = RandomModels.weights(config, 0.3);
    List<MicroBatch> batches =
        List.of(
            micro(
                List.of(RotaryFamilies.tokens(9, 1, VOCAB), RotaryFamilies.tokens(7, 2, VOCAB)),
                14));
    try (DecoderModel model =
        DecoderModel.of(config, weights, null, TestModels.CPU.quantised(Quantisation.int4(32)))) {
      TrainingResult result =
          new Trainer(
                  model.engine(),
                  "sft",
                  TrainingOptions.of(LearningRateSchedule.constant(2e-2)),
                  TrainingContext.defaults())
              .run(
                  Trainable.adapter(model.weights(), model.architecture(), Lora.rank(2)),
                  new Nll(),
                  source(30, s -> batches));
      double first = result.metrics().get(0).values().get("loss");
      double last = result.metrics().get(29).values().get("loss");
      assertThat(last).isLessThan(0.7 * first);
      assertThat(result.weights()).isSameAs(model.weights());
      try (DecoderModel tuned = model.withAdapter(result.adapter().orElseThrow())) {
        assertThat(tuned.weights().stored(weight(model)))
            .isSameAs(model.weights().stored(weight(model)));
      }
    }
  }

  private static String weight(DecoderModel model) {
    return model.weights().quantised().keySet().iterator().next();
  }
}
