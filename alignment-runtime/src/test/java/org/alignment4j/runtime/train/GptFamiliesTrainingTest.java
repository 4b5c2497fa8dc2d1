package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.NaiveGptDecoder;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.train.TrainFixture.Sequence;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training of GPT-J, GPT-Neo, OPT and BLOOM, whole and by adapters. */
class GptFamiliesTrainingTest {

  private static final int STEPS = 8;

  private static MicroBatch batch() {
    List<Sequence> sequences = List.of(sequence(12, 1), sequence(7, 2));
    return TrainFixture.packed(sequences, TrainFixture.predicted(sequences));
  }

  private static Sequence sequence(int length, int seed) {
    boolean[] predicted = new boolean[length];
    Arrays.fill(predicted, 1, length, true);
    return new Sequence(GptFamilies.tokens(length, seed), predicted);
  }

  private static double loss(NaiveGptDecoder naive) {
    double sum = 0;
    for (int[] tokens : List.of(GptFamilies.tokens(12, 1), GptFamilies.tokens(7, 2))) {
      sum -= Arrays.stream(naive.logProbs(tokens)).sum();
    }
    return sum / (11 + 6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gptj, part of a wide head | transformer.h.0.attn.q_proj.weight"
            + " transformer.h.0.attn.k_proj.weight transformer.h.0.attn.v_proj.weight"
            + " transformer.h.0.attn.out_proj.weight transformer.h.0.mlp.fc_in.weight"
            + " transformer.h.0.mlp.fc_out.weight",
        "gpt_neo, alternating | transformer.h.0.attn.attention.q_proj.weight"
            + " transformer.h.0.attn.attention.k_proj.weight"
            + " transformer.h.0.attn.attention.v_proj.weight"
            + " transformer.h.0.attn.attention.out_proj.weight"
            + " transformer.h.0.mlp.c_fc.weight transformer.h.0.mlp.c_proj.weight",
        "opt, narrow embeddings | model.decoder.layers.0.self_attn.q_proj.weight"
            + " model.decoder.layers.0.self_attn.k_proj.weight"
            + " model.decoder.layers.0.self_attn.v_proj.weight"
            + " model.decoder.layers.0.self_attn.out_proj.weight"
            + " model.decoder.layers.0.fc1.weight model.decoder.layers.0.fc2.weight",
        "bloom, three heads | transformer.h.0.self_attention.query_key_value.weight"
            + " transformer.h.0.self_attention.dense.weight"
            + " transformer.h.0.mlp.dense_h_to_4h.weight transformer.h.0.mlp.dense_4h_to_h.weight"
      })
  void aTrainedAdapterActsAsItsMergedWeights(String name, String targets) {
    MicroBatch batch = batch();
    try (DecoderFixture model =
        DecoderFixture.of(GptFamilies.config(name), GptFamilies.weights(name))) {
      Trainable.Adapter start = Trainable.adapter(model.weights, model.architecture, Lora.rank(4));
      assertThat(start.start().matrices().keySet())
          .filteredOn(n -> n.contains(".0."))
          .containsExactlyInAnyOrder(targets.split(" "));
      TrainingResult result = train(model, start, batch);
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
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gptj, part of a wide head",
        "gpt_neo, alternating",
        "opt, norms before",
        "opt, narrow embeddings",
        "bloom, six heads, carried norms"
      })
  void everyWeightIsTrainedAndTheLossIsTheModels(String name) {
    MicroBatch batch = batch();
    try (DecoderFixture model =
        DecoderFixture.of(GptFamilies.config(name), GptFamilies.weights(name))) {
      TrainingResult result = train(model, Trainable.all(model.weights), batch);
      double first = loss(new NaiveGptDecoder(GptFamilies.keys(name), model.weights));
      assertThat(result.metrics().get(0).values().get("loss")).isCloseTo(first, within(1e-4));
      assertThat(loss(new NaiveGptDecoder(GptFamilies.keys(name), result.weights())))
          .isLessThan(0.7 * first);
      assertThat(result.weights().names()).isEqualTo(Set.copyOf(model.weights.names()));
    }
  }

  private static TrainingResult train(DecoderFixture model, Trainable what, MicroBatch batch) {
    TrainingResult result =
        new Trainer(
                model.engine,
                "sft",
                TrainingOptions.of(LearningRateSchedule.constant(1e-2)),
                TrainerTest.context())
            .run(what, new MeanLoss(), TrainFixture.repeated(STEPS, List.of(batch)));
    double first = result.metrics().get(0).values().get("loss");
    double last = result.metrics().get(STEPS - 1).values().get("loss");
    assertThat(last).isLessThan(0.9 * first);
    return result;
  }
}
