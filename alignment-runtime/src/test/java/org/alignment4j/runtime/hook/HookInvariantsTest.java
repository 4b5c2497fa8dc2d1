package org.alignment4j.runtime.hook;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.patchFrom;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.attnOut;
import static org.alignment4j.api.hook.HookPoints.ln1Normalized;
import static org.alignment4j.api.hook.HookPoints.qInput;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.HookPoints.result;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.runtime.hook.HookedFixture.everywhere;
import static org.alignment4j.runtime.hook.HookedFixture.ramp;
import static org.alignment4j.runtime.hook.HookedFixture.same;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What hooks promise, in every family. */
class HookInvariantsTest {

  private static final Set<HookKind> NORM_INPUTS =
      Set.of(
          HookKind.ATTN_IN, HookKind.Q_INPUT, HookKind.K_INPUT, HookKind.V_INPUT, HookKind.MLP_IN);

  private static double distance(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  @Test
  void aResultLeftOpenOutlivesTheModelAndAClosedOneKeepsWhatWasRead() {
    ForwardResult open;
    ForwardResult closed;
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      open = model.run(HookedFixture.PROMPT).cache(residPost(all())).execute();
      closed = model.run(HookedFixture.PROMPT).cache(residPost(all())).execute();
      closed.cache().values(residPost(0));
      closed.close();
    }
    assertThat(open.cache().values(residPost(0))).isEqualTo(closed.cache().values(residPost(0)));
    assertThat(open.logits(0, -1)).doesNotContain(Float.NaN);
    assertThatThrownBy(() -> closed.cache().values(residPost(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("blocks.1.hook_resid_post");
    assertThatThrownBy(closed::logits).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void readingAndIdentityEditsChangeNothing(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      List<HookPoint<?>> points = model.none.catalog().points();
      ForwardResult cached =
          model
              .run(HookedFixture.PROMPT, HookedFixture.SHORT)
              .cache(points.toArray(HookPoint<?>[]::new))
              .execute();
      float[] plain = model.logits();
      same("all points kept", HookedFixture.flat(cached), plain);
      assertThat(cached.cache().points()).isEqualTo(points);
      Values before = cached.cache().values(residPre(1));
      for (HookPoint<?> point : points) {
        if (point.kind().perLayer() && point.layer() != 1) {
          continue;
        }
        same("scale by 1 at " + point, model.logits(everywhere(point, new Edit.Scale(1))), plain);
        same(
            "own value at " + point,
            model.logits(
                everywhere(point, new Edit.PatchFrom(cached.cache(), OptionalInt.empty()))),
            plain);
        if (point.kind().perLayer()) {
          // What a norm reads is seen by direction only, so it is set to zero rather than scaled.
          Edit edit = NORM_INPUTS.contains(point.kind()) ? new Edit.Zero() : new Edit.Scale(1.5);
          assertThat(distance(model.logits(everywhere(point, edit)), plain))
              .as(edit + " at " + point)
              .isGreaterThan(1e-4);
        }
      }
      assertThat(cached.cache().values(residPre(1))).isEqualTo(before);
      Intervention<?>[] identities =
          points.stream()
              .filter(p -> p.kind() != HookKind.LN1_SCALE && p.kind() != HookKind.LN1_NORMALIZED)
              .map(p -> everywhere(p, new Edit.Scale(1)))
              .toArray(Intervention<?>[]::new);
      same("scale by 1 at all points at once", model.logits(identities), plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void pointsKeptTogetherAreThoseKeptAlone(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      List<HookPoint<?>> points = model.none.catalog().points();
      ActivationCache together =
          model
              .run(HookedFixture.PROMPT)
              .cache(points.toArray(HookPoint<?>[]::new))
              .execute()
              .cache();
      for (HookPoint<?> point : points) {
        if (!point.kind().perLayer() || point.layer() == 2) {
          same(
              point.name(),
              model
                  .run(HookedFixture.PROMPT)
                  .cache(point)
                  .execute()
                  .cache()
                  .values(point)
                  .toArray(),
              together.values(point).toArray());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny"})
  void resultsSumToTheAttentionOutput(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      ActivationCache cache =
          model.run(HookedFixture.PROMPT).cache(result(1), attnOut(1)).execute().cache();
      float[] bias = new float[64];
      Stream.of("transformer.h.1.attn.c_proj.bias", "gpt_neox.layers.1.attention.dense.bias")
          .filter(model.weights::contains)
          .forEach(b -> model.weights.get(b).data().get(bias));
      float[] sums = new float[10 * 64];
      Values results = cache.values(result(1));
      assertThat(results.shape()).containsExactly(1, 10, 4, 64);
      for (int p = 0; p < 10; p++) {
        for (int c = 0; c < 64; c++) {
          sums[p * 64 + c] = bias[c];
          for (int h = 0; h < 4; h++) {
            sums[p * 64 + c] += results.get(0, p, h, c);
          }
        }
      }
      same("attn_out", sums, cache.values(attnOut(1)).toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void editedHeadInputsProjectLikeTheSharedOne(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      // One vector for every head is the same as a change of what they share.
      Values v = Values.vector(ramp(64));
      float[] perHead =
          model.logits(
              add(qInput(1), v, 0.5),
              everywhere(HookKind.K_INPUT.point(1), new Edit.Add(v, 0.5)),
              everywhere(HookKind.V_INPUT.point(1), new Edit.Add(v, 0.5)));
      ActivationCache base =
          model
              .run(HookedFixture.PROMPT, HookedFixture.SHORT)
              .with(add(residPre(1), v, 0.5))
              .cache(ln1Normalized(1))
              .execute()
              .cache();
      float[] shared = model.logits(patchFrom(ln1Normalized(1), base));
      same("head inputs", perHead, shared);
    }
  }

  @Test
  void zeroedHeadByHand() {
    try (HookedFixture model = HookedFixture.load("llama-tiny")) {
      ActivationCache cache =
          model
              .run(HookedFixture.PROMPT)
              .with(zero(z(1), head(3)))
              .cache(z(1), attnOut(1))
              .execute()
              .cache();
      ActivationCache plain =
          model.run(HookedFixture.PROMPT).cache(z(1), attnOut(1), result(1)).execute().cache();
      float[] expected = plain.values(attnOut(1)).toArray();
      for (int p = 0; p < 10; p++) {
        for (int c = 0; c < 64; c++) {
          expected[p * 64 + c] -= plain.values(result(1)).get(0, p, 3, c);
        }
        for (int c = 0; c < 16; c++) {
          assertThat(cache.values(z(1)).get(0, p, 3, c)).isZero();
          assertThat(cache.values(z(1)).get(0, p, 2, c))
              .isEqualTo(plain.values(z(1)).get(0, p, 2, c));
        }
      }
      same("attn_out", cache.values(attnOut(1)).toArray(), expected);
    }
  }

  @Test
  void stoppedRunsHaveNoLogits() {
    try (HookedFixture model = HookedFixture.load("llama-tiny")) {
      ForwardResult stopped =
          model.run(HookedFixture.PROMPT).stopAtLayer(1).cache(residPost(all())).execute();
      assertThat(stopped.cache().points()).hasSize(1);
      same(
          "residual",
          stopped.cache().values(residPost(0)).toArray(),
          model
              .run(HookedFixture.PROMPT)
              .cache(residPost(0))
              .execute()
              .cache()
              .values(residPost(0))
              .toArray());
      assertThatThrownBy(() -> stopped.logits(0, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("stopAtLayer");
      assertThatThrownBy(() -> model.run(HookedFixture.PROMPT).stopAtLayer(1).cache(residPost(2)))
          .hasMessageContaining("blocks.2.hook_resid_post");
      assertThatThrownBy(() -> stopped.cache().values(residPost(2)))
          .hasMessageContaining("blocks.0.hook_resid_post");
    }
  }

  @Test
  void arraysAreCopiesInTheAxesOfTheirPoint() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      ForwardResult result = model.run(HookedFixture.PROMPT).cache(z(1)).execute();
      INDArray array = result.cache().get("blocks.1.attn.hook_z");
      assertThat(array.shape()).containsExactly(1, 10, 4, 16);
      assertThat(array.getFloat(0, 9, 3, 15))
          .isEqualTo(result.cache().values(z(1)).get(0, 9, 3, 15));
      array.assign(0);
      assertThat(result.cache().values(z(1)).toArray()).isNotEqualTo(new float[640]);
      assertThat(result.logits().shape()).containsExactly(1, 10, 512);
      assertThat(result.logits().getFloat(0, 9, 511)).isEqualTo(result.logits(0, -1)[511]);
    }
  }
}
