package org.alignment4j.runtime;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.junit.jupiter.api.Test;

/** Gradients with respect to activations of models that are made of others. */
class GradientsOfViewsTest {

  private static final TokenIds TOKENS = TokenIds.of(5, 17, 90, 33, 64, 12);
  private static final LogitMetric METRIC = LogitMetric.logitDifference(7, 40);

  private static GradientResult gradients(HookedModel model) {
    return model.forward(TOKENS).gradients(METRIC, z(all()), residPost(all()));
  }

  private static void same(HookedModel actual, HookedModel expected, double tolerance) {
    GradientResult a = gradients(actual);
    GradientResult b = gradients(expected);
    assertThat(a.metric()).containsExactly(b.metric(), within(tolerance));
    assertThat(a.gradients().points()).hasSize(4).isEqualTo(b.gradients().points());
    for (HookPoint<?> point : a.gradients().points()) {
      assertThat(a.gradients().values(point).toArray())
          .as(point.name())
          .containsExactly(b.gradients().values(point).toArray(), within((float) tolerance));
    }
  }

  private static Values direction() {
    Random random = new Random(4);
    float[] values = new float[32];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Values.vector(values);
  }

  @Test
  void aQuantisedModelHasTheGradientsOfTheValuesItsLevelsStandFor() {
    try (DecoderModel base = TestModels.small();
        DecoderModel quantised = base.quantised(Quantisation.int8(32));
        DecoderModel floats = quantised.dequantised()) {
      same(quantised, floats, 1e-4);
    }
  }

  @Test
  void anAdaptedModelHasThoseOfItsMergedWeights() {
    String weight = TestModels.SMALL.names().weight(0, Part.QUERY);
    LoraAdapter zero = LoraAdapter.initial(Lora.rank(3), Map.of(weight, new LinearShape(32, 32)));
    FlatParameters parameters = zero.toParameters();
    FloatBuffer b = parameters.slice(LoraAdapter.bName(weight));
    for (int i = 0; i < b.limit(); i++) {
      b.put(i, 0.3f * (i % 5 - 2));
    }
    try (DecoderModel base = TestModels.small();
        DecoderModel adapted = base.withAdapter(zero.withParameters(parameters));
        DecoderModel merged = adapted.merged()) {
      same(adapted, merged, 1e-5);
      assertThat(gradients(base).metric()[0])
          .isNotCloseTo(gradients(merged).metric()[0], within(1e-4));
    }
  }

  @Test
  void anIntervenedModelHasThoseOfTheRunThatIntervenes() {
    try (DecoderModel base = TestModels.small()) {
      GradientResult run =
          base.forward(TOKENS)
              .with(add(residPost(0), direction(), 2))
              .gradients(METRIC, z(all()), residPost(all()));
      GradientResult view = gradients(base.with(add(residPost(0), direction(), 2)));
      assertThat(view.metric()).containsExactly(run.metric());
      assertThat(gradients(base).metric()[0]).isNotCloseTo(run.metric()[0], within(1e-3));
      for (HookPoint<?> point : run.gradients().points()) {
        assertThat(view.gradients().values(point)).isEqualTo(run.gradients().values(point));
      }
    }
  }

  @Test
  void stopsWhenAsked() {
    try (DecoderModel base = TestModels.small()) {
      Cancellation cancellation = new Cancellation();
      cancellation.cancel();
      assertThatThrownBy(
              () -> base.forward(TOKENS).gradients(METRIC, List.of(residPost(1)), cancellation))
          .isInstanceOf(CancelledException.class);
    }
  }
}
