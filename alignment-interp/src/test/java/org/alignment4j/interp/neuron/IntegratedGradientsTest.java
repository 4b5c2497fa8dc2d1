package org.alignment4j.interp.neuron;

import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.TinyFamilies;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Attributions of neurons, against differences of forward runs and the sum they must have. */
class IntegratedGradientsTest {

  private static final TokenIds PROMPT = TinyFamilies.tokens(6, 3);
  private static final Cloze CLOZE = new Cloze(PROMPT, TokenIds.of(11));

  private static NeuronAttribution attribute(
      DecoderModel model, int steps, PathPoints points, Cloze cloze) {
    return new IntegratedGradients(steps, points).attribute(model, cloze, CancellationToken.none());
  }

  /** Probability of the answer with a layer's last vector replaced. */
  private static double probability(DecoderModel model, int layer, double[] vector) {
    float[] floats = new float[vector.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) vector[i];
    }
    return model
        .forward(PROMPT)
        .with(replace(mlpPost(layer), Values.vector(floats), pos(PROMPT.size() - 1)))
        .measure(LogitMetric.probability(11))
        .metric()[0];
  }

  static List<String> families() {
    return TinyFamilies.editable();
  }

  @ParameterizedTest
  @MethodSource("families")
  void attributionsOfALayerSumToWhatTheLayerDoes(String family) {
    try (DecoderModel model = TinyFamilies.create(family)) {
      NeuronAttribution attribution = attribute(model, 200, PathPoints.MIDPOINT, CLOZE);
      for (int layer = 0; layer < 3; layer++) {
        double[] vector = attribution.activation(layer);
        double whole =
            probability(model, layer, vector)
                - probability(model, layer, new double[vector.length]);
        double sum = Arrays.stream(attribution.layer(layer)).sum();
        assertThat(sum).isCloseTo(whole, within(2e-5));
        assertThat(attribution.completenessError(layer)).isCloseTo(sum - whole, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(PathPoints.class)
  void attributionsAreMeanGradientsByDifferences(PathPoints points) {
    try (DecoderModel model = TinyFamilies.create("llama", 0.4)) {
      int steps = 5;
      NeuronAttribution attribution = attribute(model, steps, points, CLOZE);
      double[] vector = attribution.activation(1);
      for (int neuron = 0; neuron < vector.length; neuron += 7) {
        double sum = 0;
        for (double scale : points.scales(steps)) {
          double[] up = Arrays.stream(vector).map(x -> x * scale).toArray();
          double[] down = up.clone();
          up[neuron] += 5e-2;
          down[neuron] -= 5e-2;
          sum += (probability(model, 1, up) - probability(model, 1, down)) / 1e-1;
        }
        assertThat(attribution.of(new Neuron(1, neuron)))
            .isCloseTo(vector[neuron] * sum / steps, within(1e-5));
      }
    }
  }

  @Test
  void moreStepsComeNearerAndMidpointsFastest() {
    try (DecoderModel model = TinyFamilies.create("llama", 0.4)) {
      double coarse = Math.abs(attribute(model, 4, PathPoints.LEFT, CLOZE).completenessError(2));
      double fine = Math.abs(attribute(model, 64, PathPoints.LEFT, CLOZE).completenessError(2));
      double middle =
          Math.abs(attribute(model, 64, PathPoints.MIDPOINT, CLOZE).completenessError(2));
      assertThat(fine).isLessThan(coarse / 8);
      assertThat(middle).isLessThan(fine);
    }
  }

  @Test
  void aNeuronAtRestHasNoAttribution() {
    try (DecoderModel model = TinyFamilies.create("opt")) {
      NeuronAttribution attribution = attribute(model, 10, PathPoints.MIDPOINT, CLOZE);
      int resting = 0;
      for (int layer = 0; layer < 3; layer++) {
        for (int i = 0; i < 36; i++) {
          if (attribution.activation(layer)[i] == 0) {
            assertThat(attribution.layer(layer)[i]).isZero();
            resting++;
          }
        }
      }
      assertThat(resting).isPositive();
    }
  }

  @Test
  void ofSeveralTokensTheMeanCounts() {
    TokenIds target = TokenIds.of(11, 20);
    try (DecoderModel model = TinyFamilies.create("gpt2")) {
      NeuronAttribution both = attribute(model, 6, PathPoints.RIGHT, new Cloze(PROMPT, target));
      NeuronAttribution first = attribute(model, 6, PathPoints.RIGHT, CLOZE);
      NeuronAttribution second =
          attribute(
              model,
              6,
              PathPoints.RIGHT,
              new Cloze(PROMPT.concat(target.slice(0, 1)), target.slice(1, 2)));
      assertThat(both.probability())
          .isCloseTo((first.probability() + second.probability()) / 2, within(1e-7));
      for (int i = 0; i < both.layer(1).length; i++) {
        assertThat(both.layer(1)[i])
            .isCloseTo((first.layer(1)[i] + second.layer(1)[i]) / 2, within(1e-7));
      }
      for (int layer = 0; layer < both.layers(); layer++) {
        assertThat(both.completenessError(layer))
            .isCloseTo(
                (first.completenessError(layer) + second.completenessError(layer)) / 2,
                within(1e-7));
      }
    }
  }

  @Test
  void scalesAreThoseOfTheirNames() {
    assertThat(PathPoints.LEFT.scales(4)).containsExactly(0, 0.25, 0.5, 0.75);
    assertThat(PathPoints.RIGHT.scales(4)).containsExactly(0.25, 0.5, 0.75, 1);
    assertThat(PathPoints.BOTH.scales(5)).containsExactly(0, 0.25, 0.5, 0.75, 1);
    assertThat(PathPoints.MIDPOINT.scales(2)).containsExactly(0.25, 0.75);
    assertThatThrownBy(() -> new IntegratedGradients(1, PathPoints.BOTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("steps must be at least 2 for BOTH but was 1");
  }
}
