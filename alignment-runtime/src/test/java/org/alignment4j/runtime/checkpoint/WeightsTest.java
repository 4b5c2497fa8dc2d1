package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.Test;

class WeightsTest {

  private final Weights weights = TestFiles.weights(5);

  @Test
  void overlayLeavesTheOriginal() {
    String before = weights.contentHash();
    WeightTensor changed = WeightTensor.of("scalar", new long[0], new float[] {42});

    Weights overlaid = weights.with(changed);

    assertThat(overlaid.get("scalar")).isSameAs(changed);
    assertThat(overlaid.get("embed.weight")).isSameAs(weights.get("embed.weight"));
    assertThat(overlaid.names()).containsExactlyElementsOf(weights.names());
    assertThat(weights.contentHash()).isEqualTo(before).isNotEqualTo(overlaid.contentHash());
  }

  @Test
  void missingTensorNamesTheNearest() {
    assertThatThrownBy(() -> weights.get("h.0.wieght"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "no tensor 'h.0.wieght'; the nearest names are [h.0.weight, h.0.bias");
  }

  @Test
  void hashDependsOnContentNotOnOrder() {
    List<WeightTensor> reversed = new ArrayList<>(weights.tensors());
    Collections.reverse(reversed);

    assertThat(Weights.of(reversed).contentHash())
        .isEqualTo(weights.contentHash())
        .matches("[0-9a-f]{64}");
  }

  @Test
  void hashDependsOnNameShapeAndLastBit() {
    String one = hash("a", new long[] {2}, 1, 2);

    assertThat(hash("a", new long[] {2}, 1, 2)).isEqualTo(one);
    assertThat(hash("b", new long[] {2}, 1, 2)).isNotEqualTo(one);
    assertThat(hash("a", new long[] {2, 1}, 1, 2)).isNotEqualTo(one);
    assertThat(hash("a", new long[] {2}, 1, Math.nextUp(2f))).isNotEqualTo(one);
  }

  @Test
  void countsParameters() {
    assertThat(weights.parameterCount()).isEqualTo(50 * 8 + 8 * 24 + 24 + 1);
  }

  @Test
  void refusesDuplicates() {
    WeightTensor tensor = weights.get("scalar");
    assertThatThrownBy(() -> Weights.of(List.of(tensor, tensor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'scalar' occurs twice");
  }

  @Test
  void cannotBeChanged() {
    assertThatThrownBy(() -> weights.names().remove("scalar"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> weights.tensors().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void refusesTensorsBeyondOneBuffer() {
    assertThatThrownBy(
            () -> WeightTensor.checkAddressable("e", new long[] {152_064, 3584}, "x.safetensors"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("at most 2147483647 bytes")
        .hasMessageContaining("2179989504");
  }

  private static String hash(String name, long[] shape, float... values) {
    return Weights.of(List.of(WeightTensor.of(name, shape, values))).contentHash();
  }
}
