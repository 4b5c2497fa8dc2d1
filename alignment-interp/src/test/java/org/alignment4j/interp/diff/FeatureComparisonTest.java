package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.feature.InputNormalisation;
import org.alignment4j.interp.feature.SaeActivation;
import org.alignment4j.interp.feature.SaeConfig;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.interp.feature.SparseAutoencoder;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Firing rates of features in two models. */
class FeatureComparisonTest {

  private static final int FEATURES = 10;
  private static final int WIDTH = 32;
  private static final CancellationToken NONE = CancellationToken.none();

  private static SparseAutoencoder autoencoder(int width) {
    SaeConfig config =
        new SaeConfig(
            width,
            width,
            FEATURES,
            new SaeActivation.Relu(),
            InputNormalisation.NONE,
            true,
            false,
            SaeSite.of("m", HookPoints.residPost(1)));
    Random random = new Random(5);
    Map<String, Values> tensors = new LinkedHashMap<>();
    config
        .shapes()
        .forEach(
            (name, shape) -> {
              int size = IntStream.of(shape).reduce(1, (a, b) -> a * b);
              float[] data = new float[size];
              for (int i = 0; i < size; i++) {
                data[i] = (float) (0.5 * random.nextGaussian());
              }
              tensors.put(name, Values.of(shape, data));
            });
    return SparseAutoencoder.of(config, tensors);
  }

  private static List<TokenIds> prompts() {
    return IntStream.range(0, 5).mapToObj(i -> RandomModels.tokens(4 + i, i)).toList();
  }

  @Test
  void ratesAreThoseOfTheFormulaAndTheMeanIsOverPrompts() {
    SparseAutoencoder sae = autoencoder(WIDTH);
    int excluded = prompts().get(0).get(0);
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after = ModelPairs.changed(before, "h.0.mlp", 0.3, 2)) {
      List<FeatureChange> changes =
          new FeatureComparison(CircuitDiff.of(before, after), sae, Set.of(excluded), 0.95)
              .compare(prompts(), NONE);
      double[][] first = naive(before, sae, excluded);
      double[][] second = naive(after, sae, excluded);
      boolean any = false;
      for (int f = 0; f < FEATURES; f++) {
        FeatureChange change = changes.get(f);
        assertThat(change.before()).isCloseTo(first[0][f], within(1e-9));
        assertThat(change.after()).isCloseTo(second[0][f], within(1e-9));
        assertThat(change.difference().value()).isCloseTo(second[0][f] - first[0][f], within(1e-9));
        assertThat(change.activationBefore()).isCloseTo(first[1][f], within(1e-4));
        assertThat(change.activationAfter()).isCloseTo(second[1][f], within(1e-4));
        assertThat(change.difference().confidence()).isCloseTo(0.995, within(1e-12));
        any |= change.before() != change.after();
      }
      assertThat(any).isTrue();
    }
  }

  /** Rates and mean activations in double. */
  private static double[][] naive(DecoderModel model, SparseAutoencoder sae, int excluded) {
    float[] encoder = sae.tensor(SaeTensors.W_ENC).toArray();
    float[] bias = sae.tensor(SaeTensors.B_ENC).toArray();
    float[] shift = sae.tensor(SaeTensors.B_DEC).toArray();
    double[][] out = new double[2][FEATURES];
    for (TokenIds prompt : prompts()) {
      float[] rows =
          model
              .forward(prompt)
              .cache(HookPoints.residPost(1))
              .execute()
              .cache()
              .values(HookPoints.residPost(1))
              .toArray();
      int counted = 0;
      double[] fired = new double[FEATURES];
      double[] sums = new double[FEATURES];
      for (int t = 0; t < prompt.size(); t++) {
        if (prompt.get(t) == excluded) {
          continue;
        }
        counted++;
        for (int f = 0; f < FEATURES; f++) {
          double value = bias[f];
          for (int j = 0; j < WIDTH; j++) {
            value += (rows[t * WIDTH + j] - (double) shift[j]) * encoder[j * FEATURES + f];
          }
          fired[f] += value > 0 ? 1 : 0;
          sums[f] += Math.max(0, value);
        }
      }
      for (int f = 0; f < FEATURES; f++) {
        out[0][f] += fired[f] / counted / prompts().size();
        out[1][f] += sums[f] / counted / prompts().size();
      }
    }
    return out;
  }

  @Test
  void anAutoencoderOfAnotherWidthAndPromptsWithoutTokensAreRefused() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      CircuitDiff diff = CircuitDiff.of(model, model);
      assertThatThrownBy(
              () ->
                  new FeatureComparison(diff, autoencoder(16), Set.of(), 0.95)
                      .compare(prompts(), NONE))
          .hasMessageContaining("must have the 16 numbers of the sparse autoencoder but have 32");
      FeatureComparison comparison =
          new FeatureComparison(diff, autoencoder(WIDTH), Set.of(7), 0.95);
      assertThatThrownBy(
              () -> comparison.compare(List.of(TokenIds.of(1, 2), TokenIds.of(7, 7)), NONE))
          .hasMessageContaining("all of prompt 1 are excluded");
      assertThatThrownBy(() -> comparison.compare(List.of(TokenIds.of(1)), NONE))
          .hasMessageContaining("prompts must be at least two");
      assertThatThrownBy(() -> new FeatureComparison(diff, autoencoder(WIDTH), Set.of(), 1))
          .hasMessageContaining("confidence must be in (0, 1) but was 1.0");
    }
  }
}
