package org.alignment4j.runtime.hook;

import static org.alignment4j.runtime.hook.HookedFixture.everywhere;
import static org.alignment4j.runtime.hook.HookedFixture.same;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.GptFamilies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hook points of GPT-J, GPT-Neo, OPT and BLOOM. */
class GptFamiliesHooksTest {

  private static final TokenIds FIRST = TokenIds.of(GptFamilies.tokens(11, 1));
  private static final TokenIds SECOND = TokenIds.of(GptFamilies.tokens(6, 2));

  /** Points whose change to one and a half, or to nothing, must show in the logits. */
  private static final List<HookKind> TELLING =
      List.of(
          HookKind.ATTN_IN,
          HookKind.V_INPUT,
          HookKind.ATTN_SCORES,
          HookKind.PATTERN,
          HookKind.Z,
          HookKind.RESULT,
          HookKind.ATTN_OUT,
          HookKind.MLP_IN,
          HookKind.MLP_OUT);

  /** Heads with inputs of their own have norms of their own. */
  private static final List<HookKind> HEAD_INPUTS =
      List.of(HookKind.ATTN_IN, HookKind.Q_INPUT, HookKind.K_INPUT, HookKind.V_INPUT);

  private static HookedFixture model(String name) {
    return HookedFixture.of(GptFamilies.config(name), GptFamilies.weights(name));
  }

  private static float[] logits(HookedFixture model, Intervention<?>... interventions) {
    return HookedFixture.flat(model.run(FIRST, SECOND).with(List.of(interventions)).execute());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gptj, part of a wide head",
        "gpt_neo, alternating",
        "opt, norms before",
        "opt, narrow embeddings",
        "bloom, three heads",
        "bloom, six heads, carried norms"
      })
  void identityEditsChangeNothingAndOthersDo(String name) {
    try (HookedFixture model = model(name)) {
      List<HookPoint<?>> points = model.none.catalog().points();
      ForwardResult cached =
          model.run(FIRST, SECOND).cache(points.toArray(HookPoint<?>[]::new)).execute();
      float[] plain = logits(model);
      same("all points kept", HookedFixture.flat(cached), plain);
      assertThat(cached.cache().points()).isEqualTo(points);
      Intervention<?>[] identities =
          points.stream()
              .filter(p -> p.kind() != HookKind.LN1_SCALE && p.kind() != HookKind.LN1_NORMALIZED)
              .map(p -> everywhere(p, new Edit.Scale(1)))
              .toArray(Intervention<?>[]::new);
      same("scale by 1 at all points at once", logits(model, identities), plain);
      Intervention<?>[] own =
          points.stream()
              .filter(p -> !HEAD_INPUTS.contains(p.kind()))
              .map(p -> everywhere(p, new Edit.PatchFrom(cached.cache(), OptionalInt.empty())))
              .toArray(Intervention<?>[]::new);
      same("own values at all points at once", logits(model, own), plain);
      for (HookKind kind : TELLING) {
        float[] edited = logits(model, everywhere(kind.point(0), new Edit.Zero()));
        assertThat(distance(edited, plain)).as("zero at " + kind).isGreaterThan(1e-4);
      }
    }
  }

  private static double distance(float[] a, float[] b) {
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  @Test
  void saysWhyAPointIsAbsent() {
    absent("gptj, part of a wide head", HookKind.LN2_SCALE, "attention and MLP share one norm");
    absent("gptj, part of a wide head", HookKind.RESID_MID, "read the same residual stream");
    absent("opt, norms after", HookKind.LN_FINAL_SCALE, "no norm after the last layer");
    absent("bloom, three heads", HookKind.POS_EMBED, "linear biases of the scores, not embedded");
    absent("bloom, three heads", HookKind.ROT_Q, "linear biases of the scores, not rotary");
    absent("opt, norms before", HookKind.ROT_K, "its positions are embedded, not rotary");
  }

  private static void absent(String name, HookKind kind, String reason) {
    try (HookedFixture model = model(name)) {
      assertThat(model.none.catalog().points()).noneMatch(p -> p.kind() == kind);
      HookPoint<?> point = kind.point(0);
      assertThatThrownBy(() -> model.run(FIRST).with(List.of(everywhere(point, new Edit.Zero()))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(reason);
    }
  }
}
