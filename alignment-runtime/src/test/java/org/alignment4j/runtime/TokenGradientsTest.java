package org.alignment4j.runtime;

import static org.alignment4j.runtime.TokenGradients.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of tokens in prompts, against central differences of losses in every family. */
class TokenGradientsTest {

  static List<String> families() {
    return QuantisedFamilies.names();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void gradientsOfEmbeddingsAreThoseOfCentralDifferences(String name) {
    try (DecoderModel model = QuantisedFamilies.model(name);
        DecoderModel apart = TokenGradients.untied(model, QuantisedFamilies.keys(name))) {
      InputGradients gradients = model.embeddingGradients(REQUEST);
      assertThat(gradients.slots()).isEqualTo(4);
      assertThat(gradients.width())
          .isEqualTo(Math.toIntExact(model.architecture().config().embeddingSize()));
      assertThat(gradients.loss())
          .isCloseTo(TokenGradients.loss(model, REQUEST), within(1e-5))
          .isCloseTo(TokenGradients.loss(apart, REQUEST), within(1e-5));
      Random random = new Random(2);
      for (int slot = 0; slot < 4; slot++) {
        moved(apart, slot, gradients.row(slot), random);
      }
    }
  }

  /** A token stands once in the prompt, so that its row of the table moves its slot alone. */
  private static void moved(DecoderModel model, int slot, float[] gradient, Random random) {
    double norm = 0;
    for (float g : gradient) {
      norm += (double) g * g;
    }
    norm = Math.sqrt(norm);
    assertThat(norm).isPositive();
    double[] direction = new double[gradient.length];
    double squares = 0;
    for (int i = 0; i < direction.length; i++) {
      direction[i] = gradient[i] / norm + random.nextGaussian() / Math.sqrt(direction.length);
      squares += direction[i] * direction[i];
    }
    double expected = 0;
    for (int i = 0; i < direction.length; i++) {
      direction[i] /= Math.sqrt(squares);
      expected += direction[i] * gradient[i];
    }
    double best = Double.POSITIVE_INFINITY;
    for (double step : new double[] {2e-2, 6e-3, 1.5e-3}) {
      double coarse = slope(model, slot, direction, step);
      double fine = slope(model, slot, direction, step / 2);
      double error = Math.abs((4 * fine - coarse) / 3 - expected);
      // What rounding of single precision may do to a difference of losses of a few nats.
      best = Math.min(best, error - 4e-6 / step);
    }
    assertThat(best).as("slot %d, gradient of length %f", slot, norm).isLessThan(3e-3 * norm);
  }

  private static double slope(DecoderModel model, int slot, double[] direction, double step) {
    return (lossAt(model, slot, direction, step) - lossAt(model, slot, direction, -step))
        / (2 * step);
  }

  private static double lossAt(DecoderModel model, int slot, double[] direction, double step) {
    int token = REQUEST.prompt().get(REQUEST.slotStart() + slot);
    int width = direction.length;
    try (DecoderModel changed =
        model.edit(
            model.architecture().names().tokenEmbedding(),
            table -> {
              for (int i = 0; i < width; i++) {
                table[token * width + i] += (float) (step * direction[i]);
              }
              return table;
            })) {
      return TokenGradients.loss(changed, REQUEST);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void gradientsOfOneHotTokensAreThoseOfEmbeddingsTimesTheTable(String name) {
    try (DecoderModel model = QuantisedFamilies.model(name)) {
      InputGradients embeddings = model.embeddingGradients(REQUEST);
      InputGradients oneHot = model.oneHotGradients(REQUEST);
      int vocab = model.architecture().config().vocabSize();
      assertThat(oneHot.loss()).isEqualTo(embeddings.loss(), within(1e-6));
      assertThat(oneHot.width()).isEqualTo(vocab);
      float[] table = table(model);
      int width = embeddings.width();
      for (int slot = 0; slot < 4; slot++) {
        for (int v = 0; v < vocab; v++) {
          double sum = 0;
          for (int i = 0; i < width; i++) {
            sum += (double) embeddings.get(slot, i) * table[v * width + i];
          }
          assertThat((double) oneHot.get(slot, v))
              .as("slot %d, token %d", slot, v)
              .isCloseTo(sum, within(1e-5 * Math.max(1, Math.abs(sum))));
        }
      }
    }
  }

  private static float[] table(DecoderModel model) {
    FloatBuffer data = model.weights().get(model.architecture().names().tokenEmbedding()).data();
    float[] values = new float[data.limit()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i);
    }
    return values;
  }

  @Test
  void aSlotMayBeAnywhereAndTheTargetOneToken() {
    try (DecoderModel model = TestModels.small()) {
      for (int slot = 0; slot < 10; slot++) {
        GradientRequest request =
            new GradientRequest(REQUEST.prompt(), slot, slot + 1, REQUEST.target().slice(0, 1));
        InputGradients one = model.embeddingGradients(request);
        GradientRequest all =
            new GradientRequest(REQUEST.prompt(), 0, 10, REQUEST.target().slice(0, 1));
        assertThat(one.row(0))
            .containsExactly(model.embeddingGradients(all).row(slot), within(1e-6f));
        assertThat(one.loss()).isCloseTo(TokenGradients.loss(model, request), within(1e-5));
      }
    }
  }
}
