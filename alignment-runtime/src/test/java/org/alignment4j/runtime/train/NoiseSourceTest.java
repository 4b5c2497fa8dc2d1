package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseSourceTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void masksDropTheShareTheySayAndKeepTheMean(double probability) {
    int n = 200_001;
    FloatBuffer mask = FloatBuffer.allocate(n);
    NoiseSource.mask(mask, probability, new SplittableRandom(3));
    int dropped = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      float value = mask.get(i);
      assertThat(value).isIn(0f, (float) (1 / (1 - probability)));
      dropped += value == 0 ? 1 : 0;
      sum += value;
    }
    double deviation = Math.sqrt(probability * (1 - probability) / n);
    assertThat((double) dropped / n).isCloseTo(probability, within(5 * deviation));
    assertThat(sum / n).isCloseTo(1, within(5 * deviation / (1 - probability)));
  }

  /** A padded row, two sequences in one row, and two answers to one prompt. */
  @Test
  void noiseOnEmbeddingsScalesWithTheSequencesOwnLength() {
    int width = 64;
    double alpha = 5;
    TokenBatch tokens =
        TokenBatch.of(
            List.of(
                new Segments().add(new int[9]),
                new Segments().add(new int[4]).add(new int[6]),
                new Segments()
                    .add(new int[3])
                    .addContinuation(new int[5], 0)
                    .addContinuation(new int[2], 0)),
            10);
    // the prompt's length is that with its first answer
    int[][] lengths = {
      {9, 9, 9, 9, 9, 9, 9, 9, 9}, {4, 4, 4, 4, 6, 6, 6, 6, 6, 6}, {8, 8, 8, 8, 8, 8, 8, 8, 5, 5}
    };
    FloatBuffer noise = FloatBuffer.allocate(3 * 10 * width);
    NoiseSource.neftune(noise, tokens, width, alpha, new SplittableRandom(1));
    for (int b = 0; b < 3; b++) {
      for (int t = 0; t < lengths[b].length; t++) {
        double magnitude = alpha / Math.sqrt((double) lengths[b][t] * width);
        double largest = 0;
        double squares = 0;
        for (int i = 0; i < width; i++) {
          double x = noise.get((b * 10 + t) * width + i);
          largest = Math.max(largest, Math.abs(x));
          squares += x * x;
        }
        assertThat(largest).isBetween(0.8 * magnitude, magnitude * (1 + 1e-6));
        assertThat(squares / width / (magnitude * magnitude)).isCloseTo(1 / 3.0, within(0.15));
      }
    }
  }

  private static Map<String, float[]> draw(DecoderFixture model, long seed, long step, int index) {
    return draw(
        model,
        TrainingNoise.none().dropout(0.5).neftune(5).seed(seed),
        Set.of("neftune", "dropout/blocks.0.hook_mlp_out", "dropout/blocks.1.attn.hook_pattern"),
        step,
        index);
  }

  private static Map<String, float[]> draw(
      DecoderFixture model, TrainingNoise noise, Set<String> inputs, long step, int index) {
    NoiseSource source =
        new NoiseSource(
            noise, model.architecture, Trainable.all(model.weights), inputs, Runnable::run, 2);
    MicroBatch batch =
        new MicroBatch(
            TokenBatch.rightPadded(List.of(new int[5], new int[7])),
            new long[] {0},
            new long[] {0},
            Map.of());
    Map<String, float[]> drawn = new LinkedHashMap<>();
    source
        .draw(model.runtime, batch, step, index)
        .forEach(
            (name, tensor) -> {
              try (Tensor t = tensor) {
                drawn.put(name, TrainingStepTest.floats(t.floats()));
              }
            });
    return drawn;
  }

  @Test
  void seedUpdateMicroBatchAndPlaceDecideWhatIsDrawn() throws Exception {
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      Map<String, float[]> one = draw(model, 1, 7, 0);
      assertThat(one).hasSize(3);
      assertThat(one.get("dropout/blocks.1.attn.hook_pattern")).hasSize(2 * 4 * 7 * 7);
      assertThat(one.get("neftune")).hasSize(2 * 7 * 64);
      one.forEach(
          (name, values) -> {
            assertThat(draw(model, 1, 7, 0).get(name)).isEqualTo(values);
            assertThat(draw(model, 2, 7, 0).get(name)).isNotEqualTo(values);
            assertThat(draw(model, 1, 8, 0).get(name)).isNotEqualTo(values);
            assertThat(draw(model, 1, 7, 1).get(name)).isNotEqualTo(values);
          });
    }
  }

  @Test
  void risingResidualDropoutDropsMoreInLaterBlocks() throws Exception {
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/llama-tiny")) {
      int blocks = model.architecture.config().layers();
      Set<String> inputs = new LinkedHashSet<>();
      for (int block = 0; block < blocks; block++) {
        inputs.add("dropout/blocks." + block + ".hook_attn_out");
        inputs.add("dropout/blocks." + block + ".hook_mlp_out");
      }
      TrainingNoise rising = TrainingNoise.none().risingResidualDropout(0.6);
      assertThat(rising.isPresent()).isTrue();
      Map<String, float[]> drawn = draw(model, rising, inputs, 1, 0);
      assertThat(drawn).hasSize(2 * blocks);
      for (int block = 0; block < blocks; block++) {
        double expected = 0.6 * block / (blocks - 1);
        for (String place : List.of("hook_attn_out", "hook_mlp_out")) {
          float[] mask = drawn.get("dropout/blocks." + block + '.' + place);
          int dropped = 0;
          for (float value : mask) {
            dropped += value == 0 ? 1 : 0;
          }
          double deviation = Math.sqrt(0.25 / mask.length);
          assertThat((double) dropped / mask.length)
              .isCloseTo(expected, within(expected == 0 ? 0 : 5 * deviation));
        }
      }
    }
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> TrainingNoise.none().dropout(1))
        .hasMessage("embeddingDropout must be in [0, 1) but was 1.0");
    assertThatThrownBy(() -> TrainingNoise.none().neftune(-1))
        .hasMessage("neftuneAlpha must be finite and not negative but was -1.0");
    assertThat(TrainingNoise.none().seed(4).isPresent()).isFalse();
    assertThat(TrainingNoise.none().adapterDropout(0.1).isPresent()).isTrue();
  }
}
