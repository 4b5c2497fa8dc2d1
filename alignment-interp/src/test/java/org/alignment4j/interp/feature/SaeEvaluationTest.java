package org.alignment4j.interp.feature;

import static org.alignment4j.api.hook.Selectors.pos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.SaeActivation.Relu;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SaeEvaluationTest {
  private static final CancellationToken NONE = CancellationToken.none();
  private static final List<TokenIds> TEXTS = SmallModels.texts(7, 11, 2);
  private static final int D = SmallModels.WIDTH;
  private static DecoderModel model;

  @BeforeAll
  static void load() {
    model = SmallModels.random();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** {@code f = [relu(x), relu(-x)]}, {@code x̂ = x}. */
  private static SparseAutoencoder identity(float scale) {
    float[] encoder = new float[D * 2 * D];
    float[] decoder = new float[2 * D * D];
    for (int i = 0; i < D; i++) {
      encoder[i * 2 * D + i] = 1;
      encoder[i * 2 * D + D + i] = -1;
      decoder[i * D + i] = scale;
      decoder[(D + i) * D + i] = -scale;
    }
    Map<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("W_enc", Values.of(new int[] {D, 2 * D}, encoder));
    tensors.put("W_dec", Values.of(new int[] {2 * D, D}, decoder));
    tensors.put("b_dec", Values.vector(new float[D]));
    tensors.put("b_enc", Values.vector(new float[2 * D]));
    return SparseAutoencoder.of(RandomSae.config(D, 2 * D, new Relu()), tensors);
  }

  @Test
  void perfectReconstructionLosesNothing() {
    SaeQuality quality = new SaeEvaluation(Set.of(1), 3).measure(model, identity(1), TEXTS, NONE);
    assertThat(quality.loss().crossEntropyScore()).isCloseTo(1, within(1e-4));
    assertThat(quality.loss().divergenceScore()).isCloseTo(1, within(1e-6));
    assertThat(quality.features().explainedVariance()).isCloseTo(1, within(1e-9));
    assertThat(quality.features().l0()).isCloseTo(D, within(1e-9));
    long tokens = TEXTS.stream().mapToLong(TokenIds::size).sum();
    assertThat(quality.features().rows()).isEqualTo(tokens - TEXTS.size());
    assertThat(quality.featuresOverAll().rows()).isEqualTo(tokens);
    assertThat(quality.loss().positions()).isEqualTo(tokens - 2 * TEXTS.size());
    assertThat(quality.lossOverAll().positions()).isEqualTo(tokens - TEXTS.size());
  }

  @Test
  void zeroRecoversNothing() {
    SaeQuality quality = new SaeEvaluation(Set.of(1), 3).measure(model, identity(0), TEXTS, NONE);
    assertThat(quality.loss().crossEntropyScore()).isCloseTo(0, within(1e-9));
    assertThat(quality.loss().divergenceScore()).isCloseTo(0, within(1e-9));
  }

  /** Over all tokens, against runs made with plain edits and losses summed by hand. */
  @Test
  void lossesAreThoseOfEditedModels() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(D, 60, new Relu()), 3);
    SaeQuality quality = new SaeEvaluation(Set.of(1), 4).measure(model, sae, TEXTS, NONE);
    HookPoint<?> point = HookPoints.residPost(0);
    HookedModel replaced = model.with(FeatureInterventions.replace(sae, Selection.ALL));
    HookedModel ablated = model.with(Edits.zero(HookPoints.residPost(0)));
    LossSums sums = new LossSums();
    ReconstructionMetrics metrics = new ReconstructionMetrics(D, 60);
    for (TokenIds text : TEXTS) {
      ForwardResult clean = model.forward(text).cache(HookPoints.residPost(0)).execute();
      ForwardResult other = replaced.forward(text).execute();
      ForwardResult zero = ablated.forward(text).execute();
      for (int p = 0; p + 1 < text.size(); p++) {
        sums.add(clean.logits(0, p), other.logits(0, p), zero.logits(0, p), text.get(p + 1));
      }
      float[] rows = clean.cache().values(point).toArray();
      boolean[] all = new boolean[text.size()];
      Arrays.fill(all, true);
      metrics.add(rows, sae.features(rows), sae.reconstruction(sae.features(rows), rows), all);
    }
    LossRecovered expected = sums.result();
    LossRecovered found = quality.lossOverAll();
    assertThat(found.positions()).isEqualTo(expected.positions());
    expected
        .values()
        .forEach(
            (name, value) -> assertThat(found.values().get(name)).isCloseTo(value, within(1e-3)));
    assertThat(quality.featuresOverAll().l0()).isCloseTo(metrics.result().l0(), within(0.05));
    assertThat(quality.featuresOverAll().explainedVariance())
        .isCloseTo(metrics.result().explainedVariance(), within(1e-3));
  }

  /** The activations of excluded tokens stay as they are in the run that leaves them out. */
  @Test
  void excludedTokensKeepTheirActivations() {
    Set<Integer> excluded = new HashSet<>(Set.of(1));
    TEXTS.forEach(text -> excluded.add(text.get(3)));
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(D, 60, new Relu()), 3);
    SaeQuality quality = new SaeEvaluation(excluded, 4).measure(model, sae, TEXTS, NONE);
    HookPoint<Axes.Residual> point = HookPoints.residPost(0);
    LossSums sums = new LossSums();
    for (TokenIds text : TEXTS) {
      int[] kept =
          IntStream.range(0, text.size()).filter(p -> !excluded.contains(text.get(p))).toArray();
      ForwardResult clean = model.forward(text).cache(point).execute();
      float[] rows = clean.cache().values(point).toArray();
      Values reconstructed =
          Values.of(new int[] {1, text.size(), D}, sae.reconstruction(sae.features(rows), rows));
      ForwardResult other =
          model.forward(text).with(Edits.replace(point, reconstructed, pos(kept))).execute();
      ForwardResult zero = model.forward(text).with(Edits.zero(point, pos(kept))).execute();
      for (int p : kept) {
        if (p + 1 < text.size()) {
          sums.add(clean.logits(0, p), other.logits(0, p), zero.logits(0, p), text.get(p + 1));
        }
      }
    }
    LossRecovered expected = sums.result();
    assertThat(quality.loss().positions()).isEqualTo(expected.positions()).isGreaterThan(20);
    expected
        .values()
        .forEach(
            (name, value) ->
                assertThat(quality.loss().values().get(name))
                    .as(name)
                    .isCloseTo(value, within(1e-3)));
  }

  @Test
  void transcoderIsReplacedWhereItWrites() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.transcoder(D, D, 40, new Relu(), true), 3);
    SaeQuality quality = new SaeEvaluation(Set.of(), 4).measure(model, sae, TEXTS, NONE);
    assertThat(quality.loss()).isEqualTo(quality.lossOverAll());
    assertThat(quality.loss().divergenceReplaced()).isGreaterThan(0);
  }

  @Test
  void badInput() {
    assertThatThrownBy(() -> new SaeEvaluation(Set.of(), 0))
        .hasMessageContaining("batch must be at least 1 but was 0");
    SparseAutoencoder other = RandomSae.of(RandomSae.config(D + 1, 40, new Relu()), 3);
    assertThatThrownBy(() -> new SaeEvaluation(Set.of(), 4).measure(model, other, TEXTS, NONE))
        .hasMessageContaining("must have the 33 numbers of the sparse autoencoder but have 32");
    SparseAutoencoder scaled =
        RandomSae.of(
            RandomSae.config(
                D,
                40,
                new Relu(),
                InputNormalisation.EXPECTED_AVERAGE_ONLY_IN,
                HookPoints.residPost(0)),
            3);
    String unfolded = "was trained on scaled ones (expected_average_only_in); fold the scale";
    assertThatThrownBy(() -> new SaeEvaluation(Set.of(), 4).measure(model, scaled, TEXTS, NONE))
        .hasMessageContaining(unfolded);
    assertThatThrownBy(() -> FeatureInterventions.ablate(scaled, 3)).hasMessageContaining(unfolded);
    assertThatThrownBy(() -> FeatureInterventions.replace(scaled, Selection.ALL))
        .hasMessageContaining(unfolded);
    assertThatThrownBy(
            () ->
                new FeatureDashboards(
                    model, scaled, new DashboardOptions(6, 4, 3, 50, 10, 5, 3, 2, Set.of(), 7, 5)))
        .hasMessageContaining(unfolded);
    assertThatThrownBy(
            () -> new SaeEvaluation(Set.of(1), 4).measure(model, identity(1), TEXTS, () -> true))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(
            () ->
                new SaeEvaluation(Set.of(1), 4)
                    .measure(model, identity(1), List.of(TokenIds.of(1, 1)), NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at least one row but there was none");
  }
}
