package org.alignment4j.interp.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.OutputHead;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransformerWeightsTest {

  private static final double ENGINE = 1e-4;

  static Set<String> families() {
    return Families.all().keySet();
  }

  @Test
  void everyFamilyIsTried() {
    Set<String> tried =
        Set.copyOf(
            Families.all().values().stream()
                .map(k -> (String) k.get("model_type"))
                .distinct()
                .toList());
    assertThat(tried).containsExactlyInAnyOrderElementsOf(DecoderFamilies.modelTypes());
  }

  @ParameterizedTest
  @MethodSource("families")
  void aNaivePassOverTheViewEqualsTheEngine(String family) {
    TokenIds tokens = Families.tokens(12, 3);
    try (DecoderModel model = Families.model(family)) {
      ViewForward naive = new ViewForward(TransformerWeights.of(model));
      double[][] expected = naive.logits(tokens.toArray());
      List<HookPoint<?>> points =
          model.hookPoints().stream()
              .filter(p -> naive.hooks.containsKey(p.name()))
              .<HookPoint<?>>map(p -> p)
              .toList();
      ForwardResult run =
          model.forward(tokens).cache(points.toArray(HookPointSet<?>[]::new)).execute();
      for (int t = 0; t < tokens.size(); t++) {
        float[] logits = run.logits(0, t);
        for (int i = 0; i < logits.length; i++) {
          assertThat((double) logits[i])
              .as("logit %s at %s", i, t)
              .isCloseTo(expected[t][i], within(ENGINE));
        }
      }
      assertThat(points).as("points compared").hasSizeGreaterThan(18);
      for (HookPoint<?> point : points) {
        float[] shown = run.cache().values(point).toArray();
        double[] own = naive.hooks.get(point.name());
        assertThat(shown).as(point.name()).hasSameSizeAs(own);
        for (int i = 0; i < shown.length; i++) {
          assertThat((double) shown[i]).as("%s %s", point, i).isCloseTo(own[i], within(ENGINE));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void shapesAreThoseOfTransformerLens(String family) {
    TransformerWeights view = Families.view(family);
    int d = view.config().hiddenSize();
    int e = view.config().headDim();
    int m = view.config().intermediateSize();
    assertThat(view.embedding().toString()).isEqualTo("[43, " + d + "]");
    assertThat(view.unembedding().weight().toString()).isEqualTo("[" + d + ", 43]");
    assertThat(view.unembedding().bias().toString()).isEqualTo("[1, 43]");
    assertThat(view.width()).isEqualTo(d);
    assertThat(view.vocabulary()).isEqualTo(43);
    for (LayerWeights layer : view.layers()) {
      AttentionWeights a = layer.attention();
      assertThat(a.heads()).isEqualTo(view.config().heads());
      assertThat(a.keyValueHeads()).isEqualTo(view.config().kvHeads());
      assertThat(a.query())
          .allSatisfy(q -> assertThat(q.weight().toString()).isEqualTo("[" + d + ", " + e + "]"));
      assertThat(a.output())
          .allSatisfy(o -> assertThat(o.toString()).isEqualTo("[" + e + ", " + d + "]"));
      if (layer.mlp() instanceof MlpWeights.Gated gated) {
        assertThat(gated.gate().weight().toString()).isEqualTo("[" + d + ", " + m + "]");
        assertThat(gated.out().weight().toString()).isEqualTo("[" + m + ", " + d + "]");
      }
    }
  }

  @Test
  void headsShareTheKeysOfTheirGroup() {
    AttentionWeights a = Families.view("llama").layer(0).attention();
    assertThat(List.of(a.keyOf(0), a.keyOf(1), a.keyOf(2), a.keyOf(3)))
        .containsExactly(a.key().get(0), a.key().get(0), a.key().get(1), a.key().get(1));
    assertThat(a.valueOf(3)).isEqualTo(a.value().get(1));
    assertThatThrownBy(() -> a.keyOf(4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void gemmaScalesTheEmbeddingAndNotTheHead() {
    TransformerWeights view = Families.view("gemma");
    double factor = Math.sqrt(view.width());
    assertThat(view.embedding().get(5, 7))
        .isCloseTo(factor * view.unembedding().weight().get(7, 5), within(1e-12));
  }

  @Test
  void theLogitLensOfTheLastStreamIsTheModel() {
    for (String family : List.of("gpt2", "gemma2", "opt, no final norm", "gptj")) {
      TransformerWeights view = Families.view(family);
      ViewForward naive = new ViewForward(view);
      double[][] logits = naive.logits(Families.tokens(5, 1).toArray());
      double[] stream = naive.hooks.get("blocks.1.hook_resid_post");
      int d = view.width();
      double[] last = java.util.Arrays.copyOfRange(stream, 4 * d, 5 * d);
      assertThat(view.logits(last)).containsExactly(logits[4], within(1e-10));
    }
  }

  @Test
  void quantisedWeightsAreRefused() {
    try (DecoderModel model = Families.model("llama");
        DecoderModel quantised = model.quantised(Quantisation.int8(32));
        DecoderModel back = quantised.dequantised()) {
      assertThatThrownBy(() -> TransformerWeights.of(quantised))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be float32")
          .hasMessageContaining("model.layers.0.self_attn.q_proj.weight")
          .hasMessageContaining("dequantised()");
      assertThat(TransformerWeights.of(back).layers()).hasSize(2);
    }
  }

  @Test
  void classifiersAndUnknownLayersAreRefused() {
    ConfigJson config = Families.config("llama");
    Architecture architecture = DecoderFamilies.read(config, null, Set.of());
    Architecture scores =
        new Architecture(
            architecture.config(), architecture.names(), new OutputHead.SequenceScores(1));
    assertThatThrownBy(() -> TransformerWeights.of(scores, Families.weights(config)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("language model");
    assertThatThrownBy(() -> Families.view("llama").layer(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layer must be in [0, 1] but was 2");
  }

  @Test
  void normsApplyAsTheNaiveOnesDo() {
    Map<String, Integer> widths = Map.of("gpt2", 24, "gemma", 32);
    widths.forEach(
        (family, d) -> {
          NormWeights norm = Families.view(family).lnFinal();
          double[] x = new java.util.Random(5).doubles(d, -2, 3).toArray();
          double mean = family.equals("gpt2") ? java.util.Arrays.stream(x).sum() / d : 0;
          double variance = 0;
          for (double v : x) {
            variance += (v - mean) * (v - mean) / d;
          }
          double[] y = norm.apply(x);
          for (int i = 0; i < d; i++) {
            double expected =
                (x[i] - mean) / Math.sqrt(variance + norm.epsilon()) * norm.weight().get(0, i)
                    + norm.bias().get(0, i);
            assertThat(y[i]).isCloseTo(expected, within(1e-12));
          }
          assertThatThrownBy(() -> norm.apply(new double[3]))
              .hasMessage("x must have " + d + " components but had 3");
        });
  }
}
