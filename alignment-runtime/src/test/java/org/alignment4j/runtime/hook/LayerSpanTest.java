package org.alignment4j.runtime.hook;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.embed;
import static org.alignment4j.api.hook.HookPoints.mlpOut;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.runtime.hook.HookedFixture.PROMPT;
import static org.alignment4j.runtime.hook.HookedFixture.SHORT;
import static org.alignment4j.runtime.hook.HookedFixture.ramp;
import static org.alignment4j.runtime.hook.HookedFixture.same;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that start at a layer, beside whole ones. */
class LayerSpanTest {

  private static final LogitMetric METRIC = LogitMetric.logitDifference(5, 7);

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void aRunFromALayerIsTheRestOfAWholeOne(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      HookPoint<?>[] points = model.none.catalog().points().toArray(HookPoint<?>[]::new);
      ForwardResult whole = model.run(PROMPT, SHORT).cache(points).execute();
      for (int layer = 0; layer < model.none.catalog().layers(); layer++) {
        Values stream = whole.cache().values(residPre(layer));
        ForwardResult rest =
            model
                .run(PROMPT, SHORT)
                .startAtLayer(layer, stream)
                .cache(residPre(all()), z(all()), residPost(all()))
                .execute();
        same("logits", HookedFixture.flat(rest), HookedFixture.flat(whole));
        int first = layer;
        assertThat(rest.cache().points())
            .hasSize(3 * (model.none.catalog().layers() - layer))
            .allMatch(point -> point.layer() >= first);
        for (HookPoint<?> point : rest.cache().points()) {
          same(
              point.name(),
              rest.cache().values(point).toArray(),
              whole.cache().values(point).toArray());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void editsMetricsAndGradientsAreThoseOfAWholeRun(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      ActivationCache cache = model.run(PROMPT, SHORT).cache(residPre(1)).execute().cache();
      Intervention<?> edit = zero(z(1), head(2));
      ForwardRun plain = model.run(PROMPT, SHORT).with(edit);
      ForwardRun rest = plain.startAtLayer(1, cache.values(residPre(1)));
      GradientResult expected = plain.gradients(METRIC, residPre(1), mlpOut(2));
      GradientResult actual = rest.gradients(METRIC, residPre(1), mlpOut(2));
      for (int row = 0; row < 2; row++) {
        float[] measured = {(float) rest.measure(METRIC).metric()[row]};
        same("metric", measured, new float[] {(float) expected.metric()[row]});
      }
      for (HookPoint<?> point : expected.gradients().points()) {
        same(
            point.name(),
            actual.gradients().values(point).toArray(),
            expected.gradients().values(point).toArray());
      }
      Intervention<?> earlier = add(residPre(0), Values.vector(ramp(64)), 3);
      same(
          "an edit before the start",
          HookedFixture.flat(rest.with(earlier).execute()),
          HookedFixture.flat(rest.execute()));
    }
  }

  @Test
  void aRunMayStartAndStop() {
    try (HookedFixture model = HookedFixture.load("llama-tiny")) {
      Values stream = model.run(PROMPT).cache(residPre(1)).execute().cache().values(residPre(1));
      ForwardResult middle =
          model
              .run(PROMPT)
              .startAtLayer(1, stream)
              .stopAtLayer(2)
              .cache(residPost(all()))
              .execute();
      assertThat(middle.cache().points()).isEqualTo(List.of(residPost(1)));
      assertThat(
              model.run(PROMPT).stopAtLayer(2).startAtLayer(1, stream).execute().cache().points())
          .isEmpty();
      same(
          "residual",
          middle.cache().values(residPost(1)).toArray(),
          model.run(PROMPT).cache(residPost(1)).execute().cache().values(residPost(1)).toArray());
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (HookedFixture model = HookedFixture.load("llama-tiny")) {
      Values stream = model.run(PROMPT).cache(residPre(1)).execute().cache().values(residPre(1));
      ForwardRun run = model.run(PROMPT);
      ForwardRun started = run.startAtLayer(1, stream);
      assertThatThrownBy(() -> run.startAtLayer(9, stream))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("layer must be in [0, ")
          .hasMessageContaining("but was 9");
      assertThatThrownBy(() -> run.startAtLayer(1, Values.vector(1, 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[1, 10, 64] of this run but was Values[2]")
          .hasMessageContaining("keep blocks.1.hook_resid_pre");
      assertThatThrownBy(() -> model.run(SHORT).startAtLayer(1, stream))
          .hasMessageContaining("[1, 6, 64]");
      assertThatThrownBy(() -> started.cache(residPost(0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blocks.0.hook_resid_post is before layer 1");
      assertThatThrownBy(() -> run.cache(embed()).startAtLayer(1, stream))
          .hasMessageContaining("hook_embed is before layer 1");
      assertThatThrownBy(() -> started.gradients(METRIC, z(0)))
          .hasMessageContaining("blocks.0.attn.hook_z is before layer 1");
      assertThatThrownBy(() -> started.stopAtLayer(1))
          .hasMessageContaining("must stop after the layer at which it starts, 1");
      assertThatThrownBy(() -> run.stopAtLayer(1).startAtLayer(1, stream))
          .hasMessageContaining("must start before the layer at which it stops, 1");
    }
  }
}
