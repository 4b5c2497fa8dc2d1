package org.alignment4j.interp.trace;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.patchFrom;
import static org.alignment4j.api.hook.HookPoints.attnOut;
import static org.alignment4j.api.hook.HookPoints.embed;
import static org.alignment4j.api.hook.HookPoints.mlpOut;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.FactPrompt;
import org.alignment4j.interp.fact.SubjectPrompt;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Causal traces, against runs made one at a time and what must hold of them. */
class CausalTracingTest {

  private static final TokenIds TOKENS = TinyFamilies.tokens(7, 3);
  private static final SubjectPrompt PROMPT = new SubjectPrompt(TOKENS, 2, 4);
  private static final FactPrompt FACT = new FactPrompt(PROMPT, TokenIds.of(11, 4));
  private static final SubjectNoise NOISE = new SubjectNoise(0.8, 4);

  private static CausalTrace trace(DecoderModel model, SubjectNoise noise, TracedState state) {
    return new CausalTracing(noise, state, state == TracedState.RESIDUAL ? 1 : 2)
        .trace(model, FACT, new Random(5), CancellationToken.none());
  }

  @ParameterizedTest
  @EnumSource(TracedState.class)
  void withoutNoiseNothingHasAnEffect(TracedState state) {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      CausalTrace trace = trace(model, new SubjectNoise(0, 3), state);
      assertThat(trace.totalEffect()).isCloseTo(0, within(1e-6));
      for (ImmutableDoubleArray effects : trace.indirectEffects()) {
        assertThat(effects.toArray()).containsExactly(new double[3], within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2", "gpt_neox"})
  void cellsAreThoseOfSingleRuns(String family) {
    try (DecoderModel model = TinyFamilies.create(family)) {
      CausalTrace mlp = trace(model, NOISE, TracedState.MLP);
      CausalTrace residual = trace(model, NOISE, TracedState.RESIDUAL);
      CausalTrace attention = trace(model, NOISE, TracedState.ATTENTION);
      Values noise = NOISE.draw(PROMPT, 24, new Random(5));
      ActivationCache clean =
          model
              .forward(TOKENS)
              .cache(mlpOut(all()), residPost(all()), attnOut(all()))
              .execute()
              .cache();
      LogitMetric metric = LogitMetric.probability(11);
      double[] low = new double[4];
      double[] mlps = new double[4];
      double[] streams = new double[4];
      double[] attentions = new double[4];
      for (int row = 0; row < 4; row++) {
        float[] own = Arrays.copyOfRange(noise.toArray(), row * 7 * 24, (row + 1) * 7 * 24);
        var run = model.forward(TOKENS).with(add(embed(), Values.of(new int[] {1, 7, 24}, own), 1));
        low[row] = run.measure(metric).metric()[0];
        // A window of two around layer 1 is layers 0 and 1.
        mlps[row] =
            run.with(patchFrom(mlpOut(0), clean, pos(3)), patchFrom(mlpOut(1), clean, pos(3)))
                .measure(metric)
                .metric()[0];
        attentions[row] =
            run.with(patchFrom(attnOut(0), clean, pos(5))).measure(metric).metric()[0];
        streams[row] = run.with(patchFrom(residPost(2), clean, pos(6))).measure(metric).metric()[0];
      }
      assertThat(mlp.corrupted()).isCloseTo(mean(low), within(1e-6));
      assertThat(mlp.clean())
          .isCloseTo(model.forward(TOKENS).measure(metric).metric()[0], within(1e-6));
      assertThat(mlp.indirectEffects().get(3).get(1))
          .isCloseTo(mean(mlps) - mean(low), within(1e-6));
      assertThat(attention.indirectEffects().get(5).get(0))
          .isCloseTo(mean(attentions) - mean(low), within(1e-6));
      assertThat(residual.indirectEffects().get(6).get(2))
          .as("the last state is the answer")
          .isCloseTo(mean(streams) - mean(low), within(1e-6))
          .isCloseTo(residual.totalEffect(), within(1e-6));
      assertThat(Math.abs(mlp.indirectEffects().get(3).get(1))).isGreaterThan(1e-6);
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @Test
  void restoringEveryStateOfALayerRecoversTheAnswer() {
    try (DecoderModel model = TinyFamilies.create("llama")) {
      CausalTracing tracing = new CausalTracing(NOISE, TracedState.RESIDUAL, 1);
      LogitMetric metric = LogitMetric.probability(11);
      var clean = model.forward(TOKENS).cache(embed(), residPost(all())).measure(metric);
      CausalTracing.Restored runs =
          new CausalTracing.Restored(
              model,
              Collections.nCopies(4, TOKENS),
              add(embed(), NOISE.draw(PROMPT, 24, new Random(5)), 1),
              clean.cache(),
              metric,
              CancellationToken.none());
      double p = clean.metric()[0];
      assertThat(runs.probability(IntStream.range(0, 7).toArray(), tracing.restored(0, 3)))
          .isCloseTo(p, within(1e-6));
      assertThat(runs.probability(new int[] {2, 3, 4}, List.of(embed())))
          .as("the subject's embeddings are all that noise changed")
          .isCloseTo(p, within(1e-6));
      assertThat(Math.abs(runs.probability(new int[0], List.of()) - p)).isGreaterThan(1e-5);
    }
  }

  @Test
  void windowsAreCentredAndClipped() {
    CausalTracing ten = new CausalTracing(NOISE, TracedState.MLP, 10);
    assertThat(ten.restored(0, 48)).extracting(p -> p.layer()).containsExactly(0, 1, 2, 3, 4);
    assertThat(ten.restored(20, 48)).hasSize(10).first().isEqualTo(mlpOut(15));
    assertThat(ten.restored(47, 48))
        .extracting(p -> p.layer())
        .containsExactly(42, 43, 44, 45, 46, 47);
    assertThat(new CausalTracing(NOISE, TracedState.ATTENTION, 1).restored(3, 48))
        .isEqualTo(List.of(attnOut(3)));
    assertThatThrownBy(() -> new CausalTracing(NOISE, TracedState.RESIDUAL, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("window must be positive, and 1 for the residual stream, but was 3");
  }

  @Test
  void aSeedGivesTheSameTrace() {
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      assertThat(trace(model, NOISE, TracedState.MLP))
          .isEqualTo(trace(model, NOISE, TracedState.MLP));
    }
  }

  @Test
  void theNoiseIsThreeDeviationsOfTheSubjectsEmbeddings() {
    SubjectPrompt other = new SubjectPrompt(TinyFamilies.tokens(5, 8), 0, 1);
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      SubjectNoise noise = SubjectNoise.of(model, List.of(PROMPT, other), CancellationToken.none());
      List<Double> numbers = new ArrayList<>();
      for (SubjectPrompt prompt : List.of(PROMPT, other)) {
        Values values =
            model.forward(prompt.tokens()).cache(embed()).execute().cache().values(embed());
        for (int p = prompt.subjectFirst(); p <= prompt.subjectLast(); p++) {
          for (int i = 0; i < 24; i++) {
            numbers.add((double) values.get(0, p, i));
          }
        }
      }
      double mean = numbers.stream().mapToDouble(x -> x).average().orElseThrow();
      double variance =
          numbers.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum() / (numbers.size() - 1);
      assertThat(noise.deviation()).isCloseTo(3 * Math.sqrt(variance), within(1e-9));
      assertThat(noise.samples()).isEqualTo(10);
      float[] drawn = new SubjectNoise(2, 500).draw(PROMPT, 24, new Random(1)).toArray();
      double squares = 0;
      int n = 0;
      for (int i = 0; i < drawn.length; i++) {
        int p = i / 24 % 7;
        if (p < 2 || p > 4) {
          assertThat(drawn[i]).isZero();
        } else {
          squares += (double) drawn[i] * drawn[i];
          n++;
        }
      }
      assertThat(Math.sqrt(squares / n)).isCloseTo(2, within(0.03));
    }
  }

  @Test
  void averagesAreOfFactsByRole() {
    SubjectPrompt one = new SubjectPrompt(TinyFamilies.tokens(4, 1), 1, 1);
    SubjectPrompt four = new SubjectPrompt(TinyFamilies.tokens(8, 1), 1, 4);
    CausalTrace first = made(one, 0.5, new double[] {9, 1, 2, 3});
    CausalTrace second = made(four, 0.9, new double[] {9, 4, 5, 7, 3, 6, 8, 10});
    AverageEffects averages = AverageEffects.of(List.of(first, second));
    assertThat(averages.totalEffect().value()).isCloseTo(0.7, within(1e-12));
    assertThat(value(averages, TokenRole.FIRST_SUBJECT)).isEqualTo(4);
    assertThat(value(averages, TokenRole.MIDDLE_SUBJECT)).isEqualTo(6);
    assertThat(value(averages, TokenRole.LAST_SUBJECT)).isEqualTo(2);
    assertThat(value(averages, TokenRole.FIRST_AFTER)).isEqualTo(4);
    assertThat(value(averages, TokenRole.FURTHER)).isEqualTo(8);
    assertThat(value(averages, TokenRole.LAST)).isEqualTo(6.5);
    assertThat(averages.indirectEffects().get(TokenRole.LAST_SUBJECT).get(0).n()).isEqualTo(2);
    assertThatThrownBy(
            () ->
                AverageEffects.of(
                    List.of(
                        first,
                        new CausalTrace(
                            "m", one, TracedState.MLP, 2, 1, 0, first.indirectEffects()))))
        .hasMessageContaining("must be of one model, state, window and number of layers")
        .hasMessageContaining("trace 0 is of model m, MLP, window 1, 1 layers")
        .hasMessageContaining("trace 1 of model m, MLP, window 2, 1 layers");
  }

  @Test
  void tracesOfOtherModelsAndShapesAreRefused() {
    SubjectPrompt prompt = new SubjectPrompt(TinyFamilies.tokens(3, 1), 1, 1);
    CausalTrace one = layered("m", prompt, 2);
    for (CausalTrace other :
        List.of(
            layered("m", prompt, 3), layered("m", prompt, 1), layered("deeper model", prompt, 2))) {
      assertThatThrownBy(() -> AverageEffects.of(List.of(one, one, other)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("trace 0 is of model m, MLP, window 1, 2 layers and trace 2 of")
          .hasMessageContaining(other.modelId() + ", MLP, window 1, " + other.layers() + " layers")
          .hasMessageContaining("average each kind by itself");
    }
    assertThatThrownBy(
            () ->
                new CausalTrace(
                    "m",
                    prompt,
                    TracedState.MLP,
                    1,
                    1,
                    0,
                    List.of(ImmutableDoubleArray.of(1), ImmutableDoubleArray.of(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each of the prompt's 3 tokens but has them for 2");
    assertThatThrownBy(
            () ->
                new CausalTrace(
                    "m",
                    prompt,
                    TracedState.MLP,
                    1,
                    1,
                    0,
                    List.of(
                        ImmutableDoubleArray.of(1, 2),
                        ImmutableDoubleArray.of(1, 2),
                        ImmutableDoubleArray.of(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token 0 has 2 and token 2 has 1");
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      assertThat(trace(model, NOISE, TracedState.MLP).modelId()).isEqualTo(model.id());
    }
  }

  private static CausalTrace layered(String modelId, SubjectPrompt prompt, int layers) {
    return new CausalTrace(
        modelId,
        prompt,
        TracedState.MLP,
        1,
        1,
        0,
        Collections.nCopies(
            prompt.tokens().size(), ImmutableDoubleArray.copyOf(new double[layers])));
  }

  private static double value(AverageEffects averages, TokenRole role) {
    return averages.indirectEffects().get(role).get(0).value();
  }

  private static CausalTrace made(SubjectPrompt prompt, double effect, double[] values) {
    return new CausalTrace(
        "m",
        prompt,
        TracedState.MLP,
        1,
        effect,
        0,
        Arrays.stream(values).mapToObj(ImmutableDoubleArray::of).toList());
  }
}
