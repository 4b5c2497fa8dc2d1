package org.alignment4j.interp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.SaeActivation.Gated;
import org.alignment4j.interp.feature.SaeActivation.JumpRelu;
import org.alignment4j.interp.feature.SaeActivation.Relu;
import org.alignment4j.interp.feature.SaeActivation.TopK;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureInterventionsTest {
  private static final List<TokenIds> TEXTS = SmallModels.texts(3, 9, 1);
  private static final int WIDTH = 50;
  private static DecoderModel model;

  @BeforeAll
  static void load() {
    model = SmallModels.random();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  static Stream<SparseAutoencoder> autoencoders() {
    HookPoint<?> point = HookPoints.residPost(0);
    return Stream.of(new Relu(), new Gated(), new JumpRelu(), new TopK(5, false), new TopK(5, true))
        .flatMap(
            activation ->
                Stream.of(
                    RandomSae.config(
                        SmallModels.WIDTH, WIDTH, activation, InputNormalisation.NONE, point),
                    RandomSae.config(
                        SmallModels.WIDTH, WIDTH, activation, InputNormalisation.LAYER_NORM, point),
                    RandomSae.config(
                        SmallModels.WIDTH,
                        WIDTH,
                        activation,
                        InputNormalisation.CONSTANT_NORM_RESCALE,
                        HookPoints.z(0))))
        .map(config -> RandomSae.of(config, 4));
  }

  private static float[] activations(HookedModel changed, HookPoint<?> point) {
    return changed.forward(TEXTS).cache(point).execute().cache().values(point).toArray();
  }

  private static float[] logits(HookedModel changed) {
    return Values.of(changed.forward(TEXTS).execute().logits()).toArray();
  }

  private static float[] rows(SparseAutoencoder sae) {
    return activations(model, sae.config().site().point());
  }

  private static int places() {
    return TEXTS.stream().mapToInt(TokenIds::size).max().orElseThrow() * TEXTS.size();
  }

  private static boolean padding(int row) {
    int positions = places() / TEXTS.size();
    return row % positions >= TEXTS.get(row / positions).size();
  }

  /** The error term: what is not edited keeps its bits. */
  @ParameterizedTest
  @MethodSource("autoencoders")
  void logitsStayUntilAFeatureIsEdited(SparseAutoencoder sae) {
    HookedModel same =
        model.with(
            FeatureInterventions.edit(
                sae,
                List.of(new FeatureEdit.Multiply(3, 1), new FeatureEdit.Add(7, 0)),
                Selection.ALL));
    assertThat(logits(same)).isEqualTo(logits(model));
    HookedModel changed = model.with(FeatureInterventions.ablate(sae, busiest(sae)));
    assertThat(logits(changed)).isNotEqualTo(logits(model));
  }

  private static int busiest(SparseAutoencoder sae) {
    float[] features = sae.features(rows(sae));
    int best = 0;
    int[] counts = new int[WIDTH];
    for (int i = 0; i < features.length; i++) {
      counts[i % WIDTH] += features[i] > 0 ? 1 : 0;
      best = counts[i % WIDTH] > counts[best] ? i % WIDTH : best;
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("autoencoders")
  void editAddsTheDifferenceOfTheReconstructions(SparseAutoencoder sae) {
    int feature = busiest(sae);
    float[] before = rows(sae);
    float[] after =
        activations(
            model.with(
                FeatureInterventions.edit(
                    sae,
                    List.of(
                        new FeatureEdit.Put(feature, 2),
                        new FeatureEdit.Add((feature + 1) % WIDTH, 0.5f)),
                    Selection.ALL)),
            sae.config().site().point());
    float[] features = sae.features(before);
    float[] edited = features.clone();
    for (int row = 0; row < places(); row++) {
      edited[row * WIDTH + feature] = 2;
      edited[row * WIDTH + (feature + 1) % WIDTH] += 0.5f;
    }
    float[] clean = sae.reconstruction(features, before);
    float[] changed = sae.reconstruction(edited, before);
    for (int i = 0; i < before.length; i++) {
      if (!padding(i / SmallModels.WIDTH)) {
        assertThat(after[i]).isCloseTo(changed[i] + (before[i] - clean[i]), within(2e-4f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("autoencoders")
  void replacementIsTheReconstruction(SparseAutoencoder sae) {
    float[] before = rows(sae);
    float[] after =
        activations(
            model.with(FeatureInterventions.replace(sae, Selection.ALL)),
            sae.config().site().point());
    float[] expected = sae.reconstruction(sae.features(before), before);
    for (int i = 0; i < before.length; i++) {
      if (!padding(i / SmallModels.WIDTH)) {
        assertThat(after[i]).isCloseTo(expected[i], within(1e-4f));
      }
    }
  }

  @Test
  void steeringAddsTheDirection() {
    SparseAutoencoder sae =
        RandomSae.of(RandomSae.config(SmallModels.WIDTH, WIDTH, new TopK(4, true)), 4);
    float[] before = rows(sae);
    Selection last = new Selection(List.of(Selectors.pos(-1)));
    float[] after =
        activations(
            model.with(FeatureInterventions.steer(sae, 11, 1.5, last)), HookPoints.residPost(0));
    int positions = places() / TEXTS.size();
    for (int row = 0; row < places(); row++) {
      if (padding(row)) {
        continue;
      }
      boolean isLast = row % positions == TEXTS.get(row / positions).size() - 1;
      for (int i = 0; i < SmallModels.WIDTH; i++) {
        float added = isLast ? 1.5f * sae.direction(11).get(i) : 0;
        assertThat(after[row * SmallModels.WIDTH + i])
            .isCloseTo(before[row * SmallModels.WIDTH + i] + added, within(1e-5f));
      }
    }
  }

  @Test
  void nameStandsForWeightsAndEdits() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(SmallModels.WIDTH, WIDTH, new Relu()), 4);
    Intervention<?> one = FeatureInterventions.ablate(sae, 3);
    assertThat(model.with(one).id())
        .isEqualTo(model.with(FeatureInterventions.ablate(sae, 3)).id())
        .isNotEqualTo(model.with(FeatureInterventions.ablate(sae, 4)).id())
        .isNotEqualTo(model.id());
  }

  @Test
  void badEdits() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(SmallModels.WIDTH, WIDTH, new Relu()), 4);
    assertThatThrownBy(() -> FeatureInterventions.ablate(sae, WIDTH))
        .hasMessageContaining("feature must be in [0, 49] but was 50");
    assertThatThrownBy(() -> FeatureInterventions.ablate(sae, 1, 1))
        .hasMessageContaining("feature 1 was named twice");
    assertThatThrownBy(() -> FeatureInterventions.ablate(sae))
        .hasMessageContaining("edits must not be empty");
    assertThatThrownBy(() -> new FeatureEdit.Put(1, Float.NaN))
        .hasMessageContaining("value must be finite but was NaN");
    SparseAutoencoder transcoder =
        RandomSae.of(RandomSae.transcoder(32, 32, WIDTH, new Relu(), false), 4);
    assertThatThrownBy(() -> FeatureInterventions.ablate(transcoder, 1))
        .hasMessageContaining("reads blocks.0.hook_mlp_in and writes blocks.0.hook_mlp_out");
    SparseAutoencoder heads =
        RandomSae.of(
            RandomSae.config(32, WIDTH, new Relu(), InputNormalisation.NONE, HookPoints.z(0)), 4);
    assertThatThrownBy(() -> FeatureInterventions.steer(heads, 1, 1, Selection.ALL))
        .hasMessageContaining("needs a hook point of one vector a position");
    SparseAutoencoder other = RandomSae.of(RandomSae.config(31, WIDTH, new Relu()), 4);
    assertThatThrownBy(() -> logits(model.with(FeatureInterventions.replace(other, Selection.ALL))))
        .hasStackTraceContaining("must have the 31 numbers of the sparse autoencoder but have 32");
  }

  @Test
  void transcoderSteersWhereItWrites() {
    SparseAutoencoder transcoder =
        RandomSae.of(RandomSae.transcoder(32, 32, WIDTH, new Relu(), false), 4);
    float[] before = activations(model, HookPoints.mlpOut(0));
    float[] after =
        activations(
            model.with(FeatureInterventions.steer(transcoder, 2, 1, Selection.ALL)),
            HookPoints.mlpOut(0));
    assertThat(after[0]).isCloseTo(before[0] + transcoder.direction(2).get(0), within(1e-5f));
  }
}
