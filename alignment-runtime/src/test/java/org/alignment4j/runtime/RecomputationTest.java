package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.FloatInput;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Recomputation;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.Trainer;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingNoise;
import org.alignment4j.runtime.train.TrainingOptions;
import org.alignment4j.runtime.train.TrainingResult;
import org.alignment4j.runtime.train.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Training that computes blocks again is training that keeps them, for every family. */
class RecomputationTest {

  private static final String CASES = "cases";
  private static final int VOCAB = 43;
  private static final double TOLERANCE = 1e-6;
  private static final TrainingNoise NOISE =
      TrainingNoise.none().dropout(0.2).adapterDropout(0.3).neftune(5).seed(7);

  /** A name and the keys of a {@code config.json}: every family, in every variation tested. */
  static Stream<Arguments> cases() {
    Map<String, Object> neox = new LinkedHashMap<>();
    neox.put("model_type", "gpt_neox");
    neox.put("vocab_size", VOCAB);
    neox.put("hidden_size", 32);
    neox.put("num_attention_heads", 2);
    neox.put("num_hidden_layers", 3);
    neox.put("intermediate_size", 48);
    neox.put("max_position_embeddings", 64);
    neox.put("rotary_pct", 0.25);
    Map<String, Object> sequential = new LinkedHashMap<>(neox);
    sequential.put("use_parallel_residual", false);
    Stream<Arguments> first =
        Stream.of(
            Arguments.of("gpt2", RandomModels.gpt2(VOCAB, 24, 3, 3, 64)),
            Arguments.of("llama", RandomModels.llama(VOCAB, 32, 4, 3, 40, 64)),
            Arguments.of("gpt_neox, parallel", neox),
            Arguments.of("gpt_neox, sequential", sequential));
    return Stream.of(
            first,
            RotaryFamilies.configurations(),
            GptFamilies.names().stream().map(n -> Arguments.of(n, GptFamilies.keys(n))))
        .flatMap(s -> s);
  }

  /** Two continuations of one prompt and a sequence of its own in a row, one more in another. */
  static MicroBatch batch(int seed) {
    int[] prompt = RotaryFamilies.tokens(5, seed, VOCAB);
    int[] first = RotaryFamilies.tokens(6, seed + 1, VOCAB);
    int[] second = RotaryFamilies.tokens(4, seed + 2, VOCAB);
    int[] own = RotaryFamilies.tokens(7, seed + 3, VOCAB);
    int[] alone = RotaryFamilies.tokens(9, seed + 4, VOCAB);
    Segments packed =
        new Segments().add(prompt).addContinuation(first, 0).addContinuation(second, 0).add(own);
    int seq = packed.length() + 2;
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    answers(rows, labels, prompt.length - 1L, packed.start(1), first);
    answers(rows, labels, prompt.length - 1L, packed.start(2), second);
    answers(rows, labels, packed.start(3), packed.start(3) + 1L, Arrays.copyOfRange(own, 1, 7));
    answers(rows, labels, seq, seq + 1L, Arrays.copyOfRange(alone, 1, 9));
    float[] weights = new float[rows.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (i % 3 - 0.8f) / weights.length;
    }
    return new MicroBatch(
        TokenBatch.of(List.of(packed, new Segments().add(alone)), seq),
        rows.stream().mapToLong(x -> x).toArray(),
        labels.stream().mapToLong(x -> x).toArray(),
        Map.of("weights", new FloatInput(weights, weights.length)));
  }

  private static void answers(
      List<Long> rows, List<Long> labels, long before, long start, int[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      rows.add(i == 0 ? before : start + i - 1);
      labels.add((long) tokens[i]);
    }
  }

  private static Weights weights(ConfigJson config) {
    return RotaryFamilies.weights(config, 0.25);
  }

  private static Trainable.Adapter adapter(DecoderModel model) {
    return Trainable.adapter(model.weights(), model.engine().architecture(), Lora.rank(3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void lossesAndGradientsAreTheSame(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    try (DecoderModel model = DecoderModel.of(config, weights(config), null, TestModels.CPU)) {
      Trainable all = Trainable.all(model.weights());
      Trainable.Adapter adapter = adapter(model);
      compare(model, all, TrainingNoise.none());
      compare(model, all, NOISE);
      compare(model, adapter, TrainingNoise.none());
      compare(model, adapter, NOISE);
    }
  }

  private static void compare(DecoderModel model, Trainable trainable, TrainingNoise noise) {
    List<MicroBatch> batches = List.of(batch(10), batch(20));
    try (TrainingStep kept = step(model, trainable, noise, Recomputation.NONE);
        TrainingStep again = step(model, trainable, noise, Recomputation.BLOCKS)) {
      move(kept.parameters());
      move(again.parameters());
      double loss = kept.run(batches, 4).loss();
      assertThat(again.run(batches, 4).loss()).isCloseTo(loss, within(TOLERANCE * Math.abs(loss)));
      double scale = 0;
      double difference = 0;
      for (var slot : kept.parameters().layout().slots()) {
        FloatBuffer expected = kept.gradients().slice(slot.name());
        FloatBuffer actual = again.gradients().slice(slot.name());
        for (int i = 0; i < slot.size(); i++) {
          scale = Math.max(scale, Math.abs(expected.get(i)));
          double d = Math.abs(expected.get(i) - actual.get(i));
          difference = Math.max(difference, d);
        }
      }
      assertThat(scale).isGreaterThan(1e-4);
      assertThat(difference).isLessThanOrEqualTo(TOLERANCE * scale);
    }
  }

  private static TrainingStep step(
      DecoderModel model, Trainable trainable, TrainingNoise noise, Recomputation recomputation) {
    return new TrainingStep(
        model.engine(), trainable, new TinyTraining.Nll(), noise, recomputation, Runnable::run, 1);
  }

  /** New adapters have products of zero, through which little gradient flows. */
  private static void move(FlatParameters parameters) {
    java.util.Random random = new java.util.Random(5);
    for (var slot : parameters.layout().slots()) {
      FloatBuffer values = parameters.slice(slot.name());
      for (int i = 0; i < slot.size(); i++) {
        values.put(i, values.get(i) + (float) (0.1 * random.nextGaussian()));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(CASES)
  void trajectoriesAreTheSame(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    try (DecoderModel model = DecoderModel.of(config, weights(config), null, TestModels.CPU)) {
      for (Trainable what : List.of(Trainable.all(model.weights()), adapter(model))) {
        TrainingResult kept = train(model, what, Recomputation.NONE);
        TrainingResult again = train(model, what, Recomputation.BLOCKS);
        for (int i = 0; i < kept.metrics().size(); i++) {
          double loss = kept.metrics().get(i).values().get("loss");
          assertThat(again.metrics().get(i).values().get("loss"))
              .isCloseTo(loss, within(TOLERANCE * Math.max(1, Math.abs(loss))));
        }
        assertThat(trained(model, again))
            .isEqualTo(trained(model, kept))
            .isNotEqualTo(model.weights().contentHash());
      }
    }
  }

  /** The model's weights, what an adapter adds to them included. */
  private static String trained(DecoderModel model, TrainingResult result) {
    return result
        .adapter()
        .map(
            adapter ->
                adapter.mergedInto(
                    result.weights(), model.engine().architecture().config().linear()))
        .orElse(result.weights())
        .contentHash();
  }

  private static TrainingResult train(DecoderModel model, Trainable what, Recomputation how) {
    TrainingOptions options =
        TrainingOptions.of(LearningRateSchedule.constant(1e-3)).noise(NOISE).recomputation(how);
    return new Trainer(model.engine(), "t", options, TrainingContext.defaults())
        .run(
            what,
            new TinyTraining.Nll(),
            TinyTraining.source(4, s -> List.of(batch((int) (10 * s)))));
  }
}
