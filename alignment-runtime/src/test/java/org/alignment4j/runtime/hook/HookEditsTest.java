package org.alignment4j.runtime.hook;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.apply;
import static org.alignment4j.api.hook.Edits.patchFrom;
import static org.alignment4j.api.hook.Edits.projectOut;
import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.Edits.scale;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.attnIn;
import static org.alignment4j.api.hook.HookPoints.ln1Normalized;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.HookPoints.mlpPreLinear;
import static org.alignment4j.api.hook.HookPoints.posEmbed;
import static org.alignment4j.api.hook.HookPoints.qInput;
import static org.alignment4j.api.hook.HookPoints.residMid;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.component;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.api.hook.Selectors.neuron;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.alignment4j.api.hook.Selectors.posFrom;
import static org.alignment4j.api.hook.Selectors.row;
import static org.alignment4j.runtime.hook.HookedFixture.everywhere;
import static org.alignment4j.runtime.hook.HookedFixture.ramp;
import static org.alignment4j.runtime.hook.HookedFixture.same;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits change what they select, in order, and refuse what does not fit. */
class HookEditsTest {
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
}
