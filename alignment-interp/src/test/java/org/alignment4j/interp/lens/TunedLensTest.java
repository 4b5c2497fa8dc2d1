package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.NativeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A translated stream read by the end of the model, and the gradients of its divergence. */
class TunedLensTest {

  private static final int D = 32;
  private static final int V = RandomModels.VOCABULARY;
  private static final List<TokenIds> SEQUENCES =
      List.of(RandomModels.tokens(7, 1), RandomModels.tokens(4, 2));

  /** Translators of small random numbers. */
  static LensTranslators random(DecoderModel model, Translation translation, long seed) {
    Random random = new Random(seed);
    List<WeightTensor> tensors = new ArrayList<>();
    for (int layer = 0; layer < model.layerCount(); layer++) {
      tensors.add(WeightTensor.of(layer + ".bias", new long[] {D}, numbers(random, D)));
      if (translation == Translation.AFFINE) {
        tensors.add(WeightTensor.of(layer + ".weight", new long[] {D, D}, numbers(random, D * D)));
      }
    }
    return new LensTranslators(model.id(), model.layerCount(), D, translation, Weights.of(tensors));
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (0.1 * random.nextGaussian());
    }
    return numbers;
  }

  private static ActivationCache cache(DecoderModel model, TunedLens lens) {
    return model
        .forward(SEQUENCES)
        .cache(lens.points().toArray(HookPointSet<?>[]::new))
        .execute()
        .cache();
  }

  /** {@code h + A·h + b} and the model's end in double precision. */
  private static double[] logits(
      TransformerWeights weights, float[] row, double[] weight, double[] bias) {
    double[] translated = new double[D];
    for (int out = 0; out < D; out++) {
      translated[out] = row[out] + bias[out];
      for (int in = 0; in < D; in++) {
        translated[out] += weight[out * D + in] * row[in];
      }
    }
    return weights.logits(translated);
  }

  private static double divergence(double[] last, double[] own) {
    double a = 0;
    double b = 0;
    for (int i = 0; i < V; i++) {
      a += Math.exp(last[i]);
      b += Math.exp(own[i]);
    }
    double sum = 0;
    for (int i = 0; i < V; i++) {
      sum += Math.exp(last[i]) / a * (last[i] - Math.log(a) - own[i] + Math.log(b));
    }
    return sum;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private record Problem(TransformerWeights weights, float[] rows, float[] last) {
    double loss(double[] weight, double[] bias) {
      double sum = 0;
      for (int row = 0; row < rows.length / D; row++) {
        float[] one = new float[D];
        System.arraycopy(rows, row * D, one, 0, D);
        float[] target = new float[V];
        System.arraycopy(last, row * V, target, 0, V);
        sum += divergence(doubles(target), logits(weights, one, weight, bias));
      }
      return sum;
    }
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#names")
  void gradientsAreTheFiniteDifferencesOfTheDivergence(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      LensTranslators translators = random(model, Translation.AFFINE, 3);
      TunedLens lens = TunedLens.of(model, translators);
      ActivationCache cache = cache(model, lens);
      float[] rows = StreamRows.all(cache, HookPoints.residPre(1), D);
      TunedLens identity = TunedLens.identity(model);
      float[] last = new float[rows.length / D * V];
      for (int row = 0, place = 0; row < 2; row++) {
        for (int p = 0; p < SEQUENCES.get(row).size(); p++, place++) {
          float[] own = identity.logits(cache, HookPoints.residPost(2), row, p);
          System.arraycopy(own, 0, last, place * V, V);
        }
      }
      FloatBuffer weightGradient = NativeMemory.floats(D * D);
      FloatBuffer biasGradient = NativeMemory.floats(D);
      float[] divergences =
          new TranslatedEnd(model)
              .differentiate(
                  NativeMemory.floats(rows),
                  NativeMemory.floats(last),
                  translators.translator(1),
                  new TranslatedEnd.Translator(weightGradient, biasGradient));
      Problem problem = new Problem(TransformerWeights.of(model), rows, last);
      double[] weight = doubles(translators.weight(1).toArray());
      double[] bias = doubles(translators.bias(1).toArray());
      double sum = 0;
      for (float divergence : divergences) {
        sum += divergence;
      }
      assertThat(sum).isCloseTo(problem.loss(weight, bias), within(1e-4));
      Random random = new Random(4);
      double h = 1e-5;
      for (int trial = 0; trial < 30; trial++) {
        int i = random.nextInt(D * D);
        double kept = weight[i];
        weight[i] = kept + h;
        double above = problem.loss(weight, bias);
        weight[i] = kept - h;
        double slope = (above - problem.loss(weight, bias)) / (2 * h);
        weight[i] = kept;
        assertThat((double) weightGradient.get(i))
            .as("A[%d, %d]", i / D, i % D)
            .isCloseTo(slope, within(2e-5 + 1e-4 * Math.abs(slope)));
      }
      for (int i = 0; i < D; i++) {
        double kept = bias[i];
        bias[i] = kept + h;
        double above = problem.loss(weight, bias);
        bias[i] = kept - h;
        double slope = (above - problem.loss(weight, bias)) / (2 * h);
        bias[i] = kept;
        assertThat((double) biasGradient.get(i))
            .as("b[%d]", i)
            .isCloseTo(slope, within(2e-5 + 1e-4 * Math.abs(slope)));
      }
    }
  }

  @Test
  void aBiasAloneHasTheGradientOfTheBias() {
    try (DecoderModel model = RandomModels.create("gemma2")) {
      LensTranslators translators = random(model, Translation.BIAS, 3);
      float[] rows =
          StreamRows.all(cache(model, TunedLens.identity(model)), HookPoints.residPre(1), D);
      float[] last = numbers(new Random(2), rows.length / D * V);
      TranslatedEnd end = new TranslatedEnd(model);
      FloatBuffer alone = NativeMemory.floats(D);
      FloatBuffer beside = NativeMemory.floats(D);
      FloatBuffer bias = translators.translator(1).bias();
      end.differentiate(
          NativeMemory.floats(rows),
          NativeMemory.floats(last),
          new TranslatedEnd.Translator(null, bias),
          new TranslatedEnd.Translator(null, alone));
      end.differentiate(
          NativeMemory.floats(rows),
          NativeMemory.floats(last),
          new TranslatedEnd.Translator(NativeMemory.floats(D * D), bias),
          new TranslatedEnd.Translator(NativeMemory.floats(D * D), beside));
      for (int i = 0; i < D; i++) {
        assertThat(alone.get(i)).isCloseTo(beside.get(i), within(1e-5f));
      }
      assertThat(translators.weight(0).toArray()).containsOnly(0);
    }
  }

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#names")
  void withoutTranslatorsItIsTheLogitLens(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      TunedLens lens = TunedLens.identity(model);
      ActivationCache cache = cache(model, lens);
      LogitLens logit = LogitLens.of(model);
      for (HookPoint<?> point : cache.points()) {
        float[] own = lens.logits(cache, point, 0, -2);
        float[] expected = logit.logits(cache, point, 0, -2);
        for (int i = 0; i < V; i++) {
          assertThat(own[i]).isCloseTo(expected[i], within(1e-6f));
        }
      }
    }
  }

  @Test
  void readsTranslatedRows() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      LensTranslators translators = random(model, Translation.AFFINE, 5);
      TunedLens lens = TunedLens.of(model, translators);
      LensReading reading = lens.read(SEQUENCES, 2);
      assertThat(reading.layers())
          .extracting(LensReading.Layer::label)
          .containsExactly("0_pre", "1_pre", "2_pre", "2_post");
      ActivationCache cache = cache(model, lens);
      TransformerWeights weights = TransformerWeights.of(model);
      double[] last =
          weights.logits(doubles(StreamRows.one(cache, HookPoints.residPost(2), D, 1, 1)));
      for (int layer = 0; layer < 3; layer++) {
        double[] own =
            logits(
                weights,
                StreamRows.one(cache, HookPoints.residPre(layer), D, 1, 1),
                doubles(translators.weight(layer).toArray()),
                doubles(translators.bias(layer).toArray()));
        LensReading.Place place = reading.layers().get(layer).places().get(1).get(1);
        assertThat(place.divergence()).isCloseTo(divergence(last, own), within(1e-5));
        assertThat(place.divergence()).isPositive();
      }
      LensReading.Layer end = reading.layers().get(3);
      end.places().forEach(row -> row.forEach(p -> assertThat(p.divergence()).isZero()));
      assertThat(TunedLens.section(reading, 0, id -> "t" + id).toString()).contains("Tuned lens");
    }
  }

  @Test
  void theStreamAfterALayerIsTheOneBeforeTheNext() {
    try (DecoderModel model = RandomModels.create("llama")) {
      TunedLens lens = TunedLens.of(model, random(model, Translation.AFFINE, 5));
      ActivationCache after =
          model
              .forward(SEQUENCES)
              .cache(HookPoints.residPost(0), HookPoints.residPre(1), HookPoints.residPost(2))
              .execute()
              .cache();
      assertThat(lens.logits(after, HookPoints.residPost(0), 0, 1))
          .isEqualTo(lens.logits(after, HookPoints.residPre(1), 0, 1));
      assertThat(lens.read(after, 1, CancellationToken.none()).layers()).hasSize(2);
    }
  }

  @Test
  void refusesOtherModelsAndPoints() {
    try (DecoderModel model = RandomModels.create("llama");
        DecoderModel other = RandomModels.create("gpt2")) {
      LensTranslators translators = random(model, Translation.AFFINE, 5);
      assertThatThrownBy(() -> TunedLens.of(other, translators))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be of the model " + other.id())
          .hasMessageContaining("but are of " + model.id())
          .hasMessageContaining("train a lens");
      TunedLens lens = TunedLens.of(model, translators);
      ActivationCache cache =
          model.forward(SEQUENCES).cache(HookPoints.residMid(0)).execute().cache();
      assertThatThrownBy(() -> lens.logits(cache, HookPoints.residMid(0), 0, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("hook_resid_mid")
          .hasMessageContaining("LogitLens");
      assertThatThrownBy(() -> lens.read(cache, 1, CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blocks.2.hook_resid_post");
      assertThatThrownBy(() -> lens.read(SEQUENCES, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("top must be at least 1 but was 0");
      assertThatThrownBy(() -> LensTranslators.identity("m", 0, 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("positive but were 0 and 4");
    }
  }
}
