package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.SharedFiles;
import org.alignment4j.interp.lens.ResidualStream.Granularity;
import org.alignment4j.interp.weights.Affine;
import org.alignment4j.interp.weights.MlpWeights;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lens and attributions at the scale that the last stream has. */
class FrozenScaleTest {

  private static final TokenIds PROMPT =
      TokenIds.of(357, 447, 503, 99, 300, 65, 179, 151, 298, 495);
  private static final List<TokenIds> SEQUENCES =
      List.of(RandomModels.tokens(7, 1), RandomModels.tokens(4, 2));

  private static ActivationCache cache(DecoderModel model, LogitLens lens, List<TokenIds> rows) {
    return model
        .forward(rows)
        .cache(lens.points().toArray(HookPointSet<?>[]::new))
        .execute()
        .cache();
  }

  private static String label(HookPoint<?> point) {
    return point.equals(HookPoints.residPost(2))
        ? "final_post"
        : point.layer() + (point.name().endsWith("pre") ? "_pre" : "_mid");
  }

  /** The reference's unembedding is centred, so that logits agree up to their mean. */
  @Test
  void agreesWithTransformerLens() throws IOException {
    try (DecoderModel model =
            DecoderModel.load(
                SharedFiles.require("fixtures/models/gpt2-tiny"),
                ModelOptions.defaults().device(DevicePolicy.CPU));
        SafetensorsFile reference =
            SafetensorsFile.open(
                SharedFiles.require("fixtures/interp/gpt2-tiny.logit_lens.safetensors"))) {
      LogitLens lens = LogitLens.of(model, LensNorm.FROZEN_SCALE);
      ActivationCache cache = cache(model, lens, List.of(PROMPT));
      DirectLogitAttribution attribution =
          DirectLogitAttribution.of(
              model, List.of(PROMPT), LogitMetric.logitDifference(12, 400), Granularity.LAYERS);
      int parts = 2;
      for (HookPoint<?> point : cache.points()) {
        if (point.equals(HookPoints.lnFinalScale())) {
          continue;
        }
        FloatBuffer expected =
            reference.read("logit_lens.folded_finalscale." + label(point)).data();
        for (int p = 0; p < PROMPT.size(); p++) {
          float[] own = lens.logits(cache, point, 0, p);
          double shift = 0;
          for (int i = 0; i < own.length; i++) {
            shift += (double) (own[i] - expected.get(p * own.length + i)) / own.length;
          }
          for (int i = 0; i < own.length; i++) {
            assertThat(own[i] - shift)
                .as("%s, position %d, token %d", point, p, i)
                .isCloseTo(expected.get(p * own.length + i), within(1e-4));
          }
        }
        double difference = expected.get(9 * 512 + 12) - expected.get(9 * 512 + 400);
        double sum = attribution.constants()[0];
        for (int i = 0; i < parts; i++) {
          sum += attribution.values().get(0)[i];
        }
        assertThat(sum)
            .as("the parts up to %s: %s", point, attribution.labels().subList(0, parts))
            .isCloseTo(difference, within(1e-4));
        parts++;
      }
      assertThat(parts).isEqualTo(9);
    }
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#names")
  void theEndOfTheStreamGivesTheModelsOwnOutput(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      LogitLens lens = LogitLens.of(model, LensNorm.FROZEN_SCALE);
      ActivationCache cache = cache(model, lens, SEQUENCES);
      for (int row = 0; row < 2; row++) {
        float[] expected = model.forward(SEQUENCES).execute().logits(row, -1);
        float[] own = lens.logits(cache, HookPoints.residPost(2), row, -1);
        for (int i = 0; i < own.length; i++) {
          assertThat(own[i]).isCloseTo(expected[i], within(1e-5f));
        }
      }
      LensReading reading = lens.read(SEQUENCES, 1);
      LensReading recomputed = LogitLens.of(model).read(SEQUENCES, 1);
      assertThat(reading.layers()).hasSameSizeAs(recomputed.layers());
      assertThat(reading.layers().get(0).places().get(0).get(0).divergence())
          .isNotCloseTo(
              recomputed.layers().get(0).places().get(0).get(0).divergence(), within(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "neox", "llama", "qwen2", "bloom, carried norms"})
  void neuronsAndBiasSumToTheirMlp(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      LogitMetric metric = LogitMetric.logitDifference(5, 17);
      NeuronLogitAttribution neurons =
          NeuronLogitAttribution.of(
              model, TransformerWeights.of(model), SEQUENCES, metric, CancellationToken.none());
      assertThat(neurons.layers()).hasSize(3);
      if (RandomModels.additive().contains(name)) {
        DirectLogitAttribution whole =
            DirectLogitAttribution.of(model, SEQUENCES, metric, Granularity.LAYERS);
        for (int layer = 0; layer < 3; layer++) {
          int part = whole.labels().indexOf(layer + "_mlp_out");
          for (int row = 0; row < 2; row++) {
            double sum = neurons.layers().get(layer).biases()[row];
            for (double value : neurons.layers().get(layer).values().get(row)) {
              sum += value;
            }
            assertThat(sum).isCloseTo(whole.values().get(row)[part], within(1e-4));
          }
        }
      }
      List<NeuronLogitAttribution.Share> strongest = neurons.strongest(1, 5);
      assertThat(strongest).hasSize(5);
      double last = Double.POSITIVE_INFINITY;
      for (NeuronLogitAttribution.Share share : strongest) {
        assertThat(Math.abs(share.value())).isLessThanOrEqualTo(last);
        last = Math.abs(share.value());
        assertThat(neurons.layers().get(share.layer()).values().get(1)[share.neuron()])
            .isEqualTo(share.value());
      }
    }
  }

  /** A neuron at zero takes its share of the frozen logits away. */
  @Test
  void aNeuronsShareIsWhatItAddsToTheLastStream() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      LogitMetric metric = LogitMetric.logitDifference(5, 17);
      TransformerWeights weights = TransformerWeights.of(model);
      NeuronLogitAttribution neurons =
          NeuronLogitAttribution.of(model, weights, SEQUENCES, metric, CancellationToken.none());
      LogitLens lens = LogitLens.of(model, LensNorm.FROZEN_SCALE);
      ActivationCache cache =
          model
              .forward(SEQUENCES)
              .cache(HookPoints.residPost(2), HookPoints.lnFinalScale(), HookPoints.mlpPost(1))
              .execute()
              .cache();
      float[] scale = StreamRows.one(cache, HookPoints.lnFinalScale(), 1, 1, -1);
      float[] stream = StreamRows.one(cache, HookPoints.residPost(2), 32, 1, -1);
      float[] before = lens.logits(cache, HookPoints.residPost(2), 1, -1);
      Affine out = ((MlpWeights.Plain) weights.layer(1).mlp()).out();
      for (int neuron : new int[] {0, 17, 100}) {
        float[] without = stream.clone();
        float activation = cache.values(HookPoints.mlpPost(1)).get(1, 3, neuron);
        for (int c = 0; c < 32; c++) {
          without[c] -= (float) (activation * out.weight().get(neuron, c));
        }
        float[] after = Unembedding.of(model).logits(without, scale);
        assertThat(neurons.layers().get(1).values().get(1)[neuron])
            .isCloseTo(before[5] - before[17] - after[5] + after[17], within(1e-5));
      }
    }
  }

  @Test
  void refusesWhatIsNoSumAndScalesThatDoNotFit() {
    try (DecoderModel gemma = RandomModels.create("gemma2");
        DecoderModel llama = RandomModels.create("llama")) {
      LogitMetric metric = LogitMetric.logitDifference(5, 17);
      assertThatThrownBy(
              () ->
                  NeuronLogitAttribution.of(
                      gemma,
                      TransformerWeights.of(gemma),
                      SEQUENCES,
                      metric,
                      CancellationToken.none()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("layer 0 is normalised")
          .hasMessageContaining("DirectLogitAttribution");
      assertThatThrownBy(
              () ->
                  NeuronLogitAttribution.of(
                      llama,
                      TransformerWeights.of(llama),
                      SEQUENCES,
                      LogitMetric.probability(3),
                      CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("PROBABILITIES");
      assertThatThrownBy(() -> Unembedding.of(llama).logits(new float[64], new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("scales must be one a row but were 3");
    }
  }
}
