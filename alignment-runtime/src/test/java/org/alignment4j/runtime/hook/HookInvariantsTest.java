package org.alignment4j.runtime.hook;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.apply;
import static org.alignment4j.api.hook.Edits.patchFrom;
import static org.alignment4j.api.hook.Edits.projectOut;
import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.Edits.scale;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.attnIn;
import static org.alignment4j.api.hook.HookPoints.attnOut;
import static org.alignment4j.api.hook.HookPoints.ln1Normalized;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.HookPoints.mlpPreLinear;
import static org.alignment4j.api.hook.HookPoints.posEmbed;
import static org.alignment4j.api.hook.HookPoints.qInput;
import static org.alignment4j.api.hook.HookPoints.residMid;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.HookPoints.result;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.component;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.api.hook.Selectors.neuron;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.alignment4j.api.hook.Selectors.posFrom;
import static org.alignment4j.api.hook.Selectors.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What hooks promise, in every family. */
class HookInvariantsTest {

  private static final float TOLERANCE = 1e-5f;
  private static final Set<HookKind> NORM_INPUTS =
      Set.of(
          HookKind.ATTN_IN, HookKind.Q_INPUT, HookKind.K_INPUT, HookKind.V_INPUT, HookKind.MLP_IN);

  private static void same(String name, float[] actual, float[] expected) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      float allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
      if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
        assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], within(allowed));
      }
    }
  }

  private static double distance(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static Intervention<?> everywhere(HookPoint<?> point, Edit edit) {
    return new Intervention<>(point, Selection.ALL, edit);
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
  void selectionsByRowPositionAndComponent() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      Values kept =
          model
              .run(HookedFixture.PROMPT, HookedFixture.SHORT)
              .with(
                  replace(residPre(1), Values.scalar(7), row(1), pos(-1), component(3, 5)),
                  scale(mlpPost(1), 0, posFrom(-2), neuron(0)))
              .cache(residPre(1), mlpPost(1))
              .execute()
              .cache()
              .values(residPre(1));
      Values plain =
          model
              .run(HookedFixture.PROMPT, HookedFixture.SHORT)
              .cache(residPre(1))
              .execute()
              .cache()
              .values(residPre(1));
      for (int p = 0; p < 6; p++) {
        for (int c = 0; c < 64; c++) {
          assertThat(kept.get(0, p, c)).isEqualTo(plain.get(0, p, c));
          assertThat(kept.get(1, p, c))
              .isEqualTo(p == 5 && (c == 3 || c == 5) ? 7 : plain.get(1, p, c));
        }
      }
    }
  }

  @Test
  void editsAtOnePointActInOrder() {
    try (HookedFixture model = HookedFixture.load("neox-tiny")) {
      Values v = Values.vector(ramp(64));
      Values u = Values.vector(ramp(64));
      Values plain =
          model
              .run(HookedFixture.PROMPT)
              .cache(residPost(0))
              .execute()
              .cache()
              .values(residPost(0));
      Values changed =
          model
              .run(HookedFixture.PROMPT)
              .with(
                  scale(residPost(0), 2),
                  add(residPost(0), v, 3),
                  projectOut(residPost(0), u, posFrom(4)),
                  apply(residPost(0), (x, call) -> x.muli(2), pos(0)))
              .cache(residPost(0))
              .execute()
              .cache()
              .values(residPost(0));
      float[] expected = new float[10 * 64];
      float[] direction = ramp(64);
      double squares = 0;
      for (float c : direction) {
        squares += c * c;
      }
      for (int p = 0; p < 10; p++) {
        double dot = 0;
        for (int c = 0; c < 64; c++) {
          expected[p * 64 + c] = 2 * plain.get(0, p, c) + 3 * direction[c];
          dot += expected[p * 64 + c] * direction[c];
        }
        for (int c = 0; c < 64; c++) {
          expected[p * 64 + c] -= (float) (p >= 4 ? dot / squares * direction[c] : 0);
          expected[p * 64 + c] *= p == 0 ? 2 : 1;
        }
      }
      same("in order", changed.toArray(), expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void functionsSeeWhatEarlierOnesLeft(String name) {
    try (HookedFixture model = HookedFixture.load(name)) {
      float[] functions =
          model.logits(
              apply(residPost(1), (x, call) -> x.mul(1.5)),
              apply(z(0), (x, call) -> x.mul(0), head(2)),
              apply(mlpPost(1), (x, call) -> x.add(0.25)));
      float[] compiled =
          model.logits(
              zero(z(0), head(2)),
              add(mlpPost(1), Values.scalar(0.25f), 1),
              scale(residPost(1), 1.5));
      same("functions", functions, compiled);
    }
  }

  @Test
  void functionsSeeMaskedScoresAsInfiniteAndTheirOwnCopy() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      float[] plain = model.logits();
      float[] softened =
          model.logits(
              everywhere(
                  HookKind.ATTN_SCORES.point(0),
                  new Edit.Custom(
                      (x, call) -> {
                        assertThat(x.getFloat(0, 0, 0, 1)).isEqualTo(Float.NEGATIVE_INFINITY);
                        assertThat(call.firstPosition()).isZero();
                        assertThat(call.promptLengths().toArray()).containsExactly(10, 6);
                        return x;
                      })));
      same("scores given back", softened, plain);
      assertThatThrownBy(() -> model.logits(apply(z(0), (x, call) -> x.reshape(x.length()))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[2, 10, 4, 16]");
    }
  }

  @Test
  void patchesFromOnePositionOfOneSequence() {
    try (HookedFixture model = HookedFixture.load("gpt2-tiny")) {
      ActivationCache source = model.run(HookedFixture.SHORT).cache(residPre(1)).execute().cache();
      Values changed =
          model
              .run(HookedFixture.PROMPT, HookedFixture.SHORT)
              .with(patchFrom(residPre(1), source, pos(3)))
              .at(residPre(1), patchFrom(source, -1, pos(0)))
              .cache(residPre(1))
              .execute()
              .cache()
              .values(residPre(1));
      for (int b = 0; b < 2; b++) {
        for (int c = 0; c < 64; c++) {
          assertThat(changed.get(b, 0, c)).isEqualTo(source.values(residPre(1)).get(0, 5, c));
          assertThat(changed.get(b, 3, c)).isEqualTo(source.values(residPre(1)).get(0, 3, c));
        }
      }
      assertThatThrownBy(
              () -> model.run(HookedFixture.PROMPT).with(patchFrom(residPre(1), source)).execute())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blocks.1.hook_resid_pre")
          .hasMessageContaining("position");
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

  @Test
  void absentPointsAndUnfitEditsAreRefused() {
    try (HookedFixture llama = HookedFixture.load("llama-tiny");
        HookedFixture neox = HookedFixture.load("neox-tiny");
        HookedFixture gpt2 = HookedFixture.load("gpt2-tiny")) {
      assertThatThrownBy(() -> llama.run(HookedFixture.PROMPT).cache(posEmbed()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("llama")
          .hasMessageContaining("rotary");
      assertThatThrownBy(() -> neox.run(HookedFixture.PROMPT).cache(residMid(0)))
          .hasMessageContaining("gpt_neox")
          .hasMessageContaining("same residual stream");
      assertThat(neox.run(HookedFixture.PROMPT).cache(residMid(all())).execute().cache().points())
          .isEmpty();
      assertThatThrownBy(() -> gpt2.logits(zero(mlpPreLinear(0))))
          .hasMessageContaining("gpt2")
          .hasMessageContaining("no gate");
      assertThatThrownBy(() -> llama.logits(zero(attnIn(0))))
          .hasMessageContaining("4 heads share 2");
      assertThatThrownBy(() -> llama.logits(zero(residPre(3)))).hasMessageContaining("3 layers");
      assertThatThrownBy(() -> llama.logits(zero(z(0), head(4)))).hasMessageContaining("head");
      assertThatThrownBy(() -> llama.logits(zero(z(0), pos(10)))).hasMessageContaining("position");
      assertThatThrownBy(() -> llama.logits(add(residPre(0), Values.vector(1, 2), 1)))
          .hasMessageContaining("component 64");
      assertThatThrownBy(() -> llama.logits(zero(ln1Normalized(0)), zero(qInput(0))))
          .hasMessageContaining("norms of their own");
    }
  }

  private static float[] ramp(int n) {
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (float) Math.sin(0.7 * i + 0.3);
    }
    return v;
  }
}
