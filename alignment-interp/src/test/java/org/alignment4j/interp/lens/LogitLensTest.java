package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.SharedFiles;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogitLensTest {

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

  @Test
  void agreesWithTransformerLens() throws IOException {
    Path file = SharedFiles.require("fixtures/interp/gpt2-tiny.logit_lens.safetensors");
    try (DecoderModel model =
            DecoderModel.load(
                SharedFiles.require("fixtures/models/gpt2-tiny"),
                ModelOptions.defaults().device(DevicePolicy.CPU));
        SafetensorsFile reference = SafetensorsFile.open(file)) {
      LogitLens lens = LogitLens.of(model);
      ActivationCache cache = cache(model, lens, List.of(PROMPT));
      for (HookPoint<?> point : cache.points()) {
        String label =
            point.equals(HookPoints.residPost(2))
                ? "final_post"
                : point.layer() + (point.name().endsWith("pre") ? "_pre" : "_mid");
        FloatBuffer expected = reference.read("logit_lens.raw." + label).data();
        for (int p = 0; p < PROMPT.size(); p++) {
          float[] own = lens.logits(cache, point, 0, p);
          for (int token = 0; token < own.length; token++) {
            assertThat(own[token])
                .as("%s, position %d, token %d", label, p, token)
                .isCloseTo(expected.get(p * own.length + token), within(1e-4f));
          }
        }
      }
      assertThat(cache.points()).hasSize(7);
    }
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#names")
  void theEndOfTheStreamGivesTheModelsOwnOutput(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      LogitLens lens = LogitLens.of(model);
      ActivationCache cache = cache(model, lens, SEQUENCES);
      for (int row = 0; row < 2; row++) {
        float[] expected = model.forward(SEQUENCES).execute().logits(row, -1);
        float[] own = lens.logits(cache, HookPoints.residPost(2), row, -1);
        for (int i = 0; i < own.length; i++) {
          assertThat(own[i]).isCloseTo(expected[i], within(1e-5f));
        }
      }
    }
  }

  @Test
  void readsTopTokensRanksAndDivergences() {
    try (DecoderModel model = RandomModels.create("llama")) {
      LogitLens lens = LogitLens.of(model);
      LensReading reading = lens.read(SEQUENCES, 3);
      assertThat(reading.layers())
          .extracting(LensReading.Layer::label)
          .containsExactly("0_pre", "0_mid", "1_pre", "1_mid", "2_pre", "2_mid", "2_post");
      ActivationCache cache = cache(model, lens, SEQUENCES);
      double divergence = 0;
      for (LensReading.Layer layer : reading.layers()) {
        LensReading.Place place = layer.places().get(1).get(1);
        float[] logits = lens.logits(cache, layer.point(), 1, 1);
        float[] last = lens.logits(cache, HookPoints.residPost(2), 1, 1);
        int best = 0;
        int rank = 0;
        int next = SEQUENCES.get(1).get(2);
        for (int i = 0; i < logits.length; i++) {
          best = logits[i] > logits[best] ? i : best;
          rank += logits[i] > logits[next] ? 1 : 0;
        }
        double[] p = softmax(logits);
        double[] q = softmax(last);
        double expected = 0;
        double entropy = 0;
        for (int i = 0; i < p.length; i++) {
          expected += q[i] * Math.log(q[i] / p[i]);
          entropy -= p[i] * Math.log(p[i]);
        }
        assertThat(place.top()).hasSize(3);
        assertThat(place.top().get(0).id()).isEqualTo(best);
        assertThat(place.top().get(0).probability()).isCloseTo(p[best], within(1e-6));
        assertThat(place.top().get(1).probability())
            .isLessThanOrEqualTo(place.top().get(0).probability());
        assertThat(place.nextRank()).isEqualTo(rank);
        assertThat(place.nextLogProbability()).isCloseTo(Math.log(p[next]), within(1e-5));
        assertThat(place.entropy()).isCloseTo(entropy, within(1e-5));
        assertThat(place.divergence()).isCloseTo(expected, within(1e-5)).isNotNegative();
        divergence = place.divergence();
        assertThat(layer.places().get(1).get(3).nextRank()).isEqualTo(-1);
        assertThat(layer.places().get(1).get(3).nextLogProbability()).isNaN();
      }
      assertThat(divergence).isZero();
      assertThat(reading.table(1, id -> "t" + id).rows()).hasSize(7);
      assertThat(reading.table(1, id -> "t" + id).columns()).hasSize(5);
    }
  }

  private static double[] softmax(float[] logits) {
    double sum = 0;
    double[] p = new double[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i]);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  @Test
  void refusesWhatIsNoStream() {
    try (DecoderModel model = RandomModels.create("llama")) {
      LogitLens lens = LogitLens.of(model);
      ActivationCache other = model.forward(SEQUENCES).cache(HookPoints.z(0)).execute().cache();
      assertThatThrownBy(() -> lens.read(other, 1, CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("residual stream")
          .hasMessageContaining("LogitLens.points()");
      ActivationCache cache = cache(model, lens, SEQUENCES);
      assertThatThrownBy(() -> lens.logits(cache, HookPoints.residPost(2), 1, 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[-4, 3]");
      assertThatThrownBy(() -> lens.logits(cache, HookPoints.residPost(2), 2, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[0, 1]");
      assertThatThrownBy(() -> lens.read(SEQUENCES, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("top");
      assertThatThrownBy(() -> Unembedding.of(model).logits(new float[33]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("33");
    }
  }
}
