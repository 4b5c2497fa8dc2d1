package org.alignment4j.interp.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.NaiveGpt2;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AblationsTest {

  private static final TokenIds TOKENS = RandomModels.tokens(6, 1);
  private static DecoderModel model;

  @BeforeAll
  static void load() {
    model = RandomModels.create("gpt2");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static float[] values(
      List<? extends Intervention<?>> edits, HookPoint<?> point, TokenIds tokens) {
    return model.forward(tokens).with(edits).cache(point).execute().cache().values(point).toArray();
  }

  private static ActivationCache cache(TokenIds tokens, HookPointSet<?> points) {
    return model.forward(tokens).cache(points).execute().cache();
  }

  private static ActivationMeans means(
      HookPointSet<?> points, ActivationMeans.Scope scope, OptionalInt bos, TokenIds... sequences) {
    return ActivationMeans.of(
        model, points, List.of(sequences), scope, bos, 2, CancellationToken.none());
  }

  @Test
  void headsSetToZeroLeaveTheOutputBias() {
    float[] out =
        values(List.of(Ablations.zero(HookPoints.z(Layers.all()))), HookPoints.attnOut(1), TOKENS);
    double[] bias = new NaiveGpt2(model).vector("h.1.attn.c_proj.bias");
    for (int i = 0; i < out.length; i++) {
      assertThat((double) out[i]).isCloseTo(bias[i % bias.length], within(1e-6));
    }
  }

  @Test
  void resamplingFromItselfAndNoNoiseChangeNothing() {
    HookPointSet<?> points = HookPoints.z(Layers.all());
    float[] plain = values(List.of(), HookPoints.residPost(2), TOKENS);
    float[] same =
        values(
            List.of(Ablations.resample(HookPoints.z(Layers.all()), cache(TOKENS, points))),
            HookPoints.residPost(2),
            TOKENS);
    float[] silent =
        values(
            Ablations.noise(HookPoints.z(Layers.all()), cache(TOKENS, points), 0, new Random(1)),
            HookPoints.residPost(2),
            TOKENS);
    assertThat(same).containsExactly(plain, within(1e-5f));
    assertThat(silent).containsExactly(plain, within(1e-5f));
  }

  @Test
  void resamplingPutsAnotherPromptsActivation() {
    TokenIds other = RandomModels.tokens(6, 2);
    float[] there = values(List.of(), HookPoints.mlpOut(1), other);
    float[] resampled =
        values(
            List.of(
                Ablations.resample(
                    HookPoints.mlpOut(1), cache(other, HookPoints.mlpOut(1)), Selectors.pos(3))),
            HookPoints.mlpOut(1),
            TOKENS);
    float[] here = values(List.of(), HookPoints.mlpOut(1), TOKENS);
    for (int i = 0; i < here.length; i++) {
      assertThat(resampled[i]).isEqualTo(i / 32 == 3 ? there[i] : here[i]);
    }
  }

  @Test
  void meanOfAConstantIsTheIdentity() {
    ActivationMeans means =
        means(
            HookPoints.mlpOut(Layers.all()),
            ActivationMeans.Scope.PER_POSITION,
            OptionalInt.empty(),
            TOKENS,
            TOKENS,
            TOKENS);
    float[] plain = values(List.of(), HookPoints.residPost(2), TOKENS);
    float[] ablated =
        values(
            Ablations.mean(HookPoints.mlpOut(Layers.all()), means, 6),
            HookPoints.residPost(2),
            TOKENS);
    assertThat(ablated).containsExactly(plain, within(1e-5f));
  }

  @Test
  void dataSetMeanCountsValidTokensAndKeepsTheFirstApart() {
    int bos = 3;
    TokenIds one = TokenIds.of(bos, 4, 5, 6);
    TokenIds two = TokenIds.of(bos, 9);
    TokenIds three = TokenIds.of(8, 7);
    Values mean =
        means(
                HookPoints.residPost(0),
                ActivationMeans.Scope.DATA_SET,
                OptionalInt.of(bos),
                one,
                two,
                three)
            .values(HookPoints.residPost(0), 5);
    float[] a = values(List.of(), HookPoints.residPost(0), one);
    float[] b = values(List.of(), HookPoints.residPost(0), two);
    float[] c = values(List.of(), HookPoints.residPost(0), three);
    assertThat(mean.shape()).containsExactly(5, 32);
    for (int i = 0; i < 32; i++) {
      assertThat((double) mean.get(0, i)).isCloseTo((a[i] + b[i]) / 2.0, within(1e-5));
      double others = (a[32 + i] + a[64 + i] + a[96 + i] + b[32 + i] + c[i] + c[32 + i]) / 6.0;
      assertThat((double) mean.get(1, i)).isCloseTo(others, within(1e-5));
      assertThat(mean.get(4, i)).isEqualTo(mean.get(1, i));
    }
  }

  @Test
  void patternsAreAveragedAndFrozen() {
    TokenIds other = RandomModels.tokens(6, 5);
    HookPointSet<?> patterns = HookPoints.pattern(Layers.all());
    ActivationMeans means =
        means(patterns, ActivationMeans.Scope.PER_POSITION, OptionalInt.empty(), TOKENS, other);
    float[] a = values(List.of(), HookPoints.pattern(1), TOKENS);
    float[] b = values(List.of(), HookPoints.pattern(1), other);
    float[] mean = means.values(HookPoints.pattern(1), 6).toArray();
    for (int i = 0; i < mean.length; i++) {
      assertThat((double) mean[i]).isCloseTo((a[i] + b[i]) / 2.0, within(1e-6));
    }
    float[] frozen =
        values(
            List.of(Ablations.frozenPattern(Layers.all(), cache(other, patterns))),
            HookPoints.pattern(1),
            TOKENS);
    assertThat(frozen).containsExactly(b, within(1e-6f));
    assertThatThrownBy(
            () -> means(patterns, ActivationMeans.Scope.DATA_SET, OptionalInt.empty(), TOKENS))
        .hasMessageContaining("must be taken PER_POSITION");
    assertThatThrownBy(
            () ->
                means(
                    patterns,
                    ActivationMeans.Scope.PER_POSITION,
                    OptionalInt.empty(),
                    TOKENS,
                    TokenIds.of(1, 2)))
        .hasMessageContaining("over sequences of one length");
  }

  @Test
  void noiseHasItsDeviationAndDependsOnTheGeneratorAlone() {
    HookPoint<?> point = HookPoints.embed();
    TokenIds tokens = RandomModels.tokens(60, 1);
    float[] plain = values(List.of(), point, tokens);
    float[] first = noisy(tokens, 7);
    assertThat(noisy(tokens, 7)).containsExactly(first);
    assertThat(noisy(tokens, 8)).isNotEqualTo(first);
    double squares = 0;
    for (int i = 0; i < plain.length; i++) {
      squares += Math.pow(first[i] - plain[i], 2);
    }
    assertThat(Math.sqrt(squares / plain.length)).isCloseTo(0.5, within(0.03));
  }

  private static float[] noisy(TokenIds tokens, int seed) {
    return values(
        Ablations.noise(
            HookPoints.embed(), cache(tokens, HookPoints.embed()), 0.5, new Random(seed)),
        HookPoints.embed(),
        tokens);
  }

  @Test
  void wrongRequestsAreRefused() {
    ActivationCache cache = cache(TOKENS, HookPoints.z(0));
    assertThatThrownBy(() -> Ablations.noise(HookPoints.z(0), cache, -1, new Random(1)))
        .hasMessageContaining("deviation must not be negative and finite but was -1.0");
    assertThatThrownBy(() -> Ablations.noise(HookPoints.z(1), cache, 1, new Random(1)))
        .hasMessageContaining("must have been kept at blocks.1.attn.hook_z");
    ActivationMeans means =
        means(HookPoints.z(0), ActivationMeans.Scope.PER_POSITION, OptionalInt.empty(), TOKENS);
    assertThatThrownBy(() -> means.values(HookPoints.z(0), 7))
        .hasMessageContaining("positions must be 1 to 6");
    assertThatThrownBy(() -> means.values(HookPoints.z(1), 2))
        .hasMessageContaining("a mean must have been taken at blocks.1");
    assertThatThrownBy(
            () -> means(HookPoints.z(0), ActivationMeans.Scope.DATA_SET, OptionalInt.empty()))
        .hasMessageContaining("at least one sequence");
  }
}
