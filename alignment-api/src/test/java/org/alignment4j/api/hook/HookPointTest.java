package org.alignment4j.api.hook;

import static org.alignment4j.api.hook.HookPoints.embed;
import static org.alignment4j.api.hook.HookPoints.lnFinal;
import static org.alignment4j.api.hook.HookPoints.pattern;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Layers.layerRange;
import static org.alignment4j.api.hook.Layers.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HookPointTest {

  @Test
  void namesAreThoseOfTransformerLens() {
    assertThat(z(3).name()).isEqualTo("blocks.3.attn.hook_z");
    assertThat(residPost(12).name()).isEqualTo("blocks.12.hook_resid_post");
    assertThat(lnFinal().name()).isEqualTo("ln_final.hook_normalized");
    assertThat(HookPoint.parse("blocks.3.attn.hook_z")).isEqualTo(z(3));
  }

  @ParameterizedTest
  @EnumSource(HookKind.class)
  void everyNameParsesBack(HookKind kind) {
    HookPoint<?> point = HookPoint.parse(kind.name(17));

    assertThat(point.kind()).isEqualTo(kind);
    assertThat(point.layer()).isEqualTo(kind.perLayer() ? 17 : -1);
    assertThat(point.name()).isEqualTo(kind.name(17));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "blocks.",
        "blocks.hook_resid_post",
        "blocks.-1.hook_resid_post",
        "blocks.01.hook_resid_post",
        "blocks.99999999999.hook_resid_post",
        "hook_embed ",
        "blocks.1.attn.hook_zz"
      })
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> HookPoint.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but was '" + name + "'");
  }

  @Test
  void refusalListsTheNearestNames() {
    assertThatThrownBy(() -> HookPoint.parse("blocks.4.hook_residpost"))
        .hasMessageContaining("nearest are blocks.0.hook_resid_post");
  }

  @Test
  void setsResolveAgainstTheModel() {
    assertThat(residPost(all()).points(2)).containsExactly(residPost(0), residPost(1));
    assertThat(pattern(layers(7, 5, 7)).points(8)).containsExactly(pattern(5), pattern(7));
    assertThat(z(layerRange(1, 3)).points(8)).containsExactly(z(1), z(2));
    assertThat(embed().points(1)).containsExactly(embed());
    assertThatThrownBy(() -> pattern(layers(5, 7)).points(7))
        .hasMessage("layer must be less than the model's 7 layers but was 7");
    assertThatThrownBy(() -> z(7).points(7))
        .hasMessage("layer must be less than the model's 7 layers but was 7");
    assertThatThrownBy(() -> layers()).hasMessageContaining("at least one layer");
    assertThatThrownBy(() -> z(-1)).hasMessage("layer must not be negative but was -1");
  }

  @Test
  void axesFollowTheKind() {
    assertThat(pattern(0).kind().axes())
        .containsExactly(Axis.BATCH, Axis.HEAD, Axis.QUERY, Axis.KEY);
    assertThat(HookKind.K.axes())
        .containsExactly(Axis.BATCH, Axis.POSITION, Axis.KEY_VALUE_HEAD, Axis.COMPONENT);
  }
}
