package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.junit.jupiter.api.Test;

class FlatParametersTest {

  private static Map<String, List<Integer>> shapes() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("a", List.of(3, 7));
    shapes.put("b", List.of(16));
    shapes.put("c", List.of(5));
    return shapes;
  }

  @Test
  void everyTensorStartsAtAMultipleOf16() {
    FlatLayout layout = FlatLayout.of(shapes());
    assertThat(layout.slots())
        .containsExactly(
            new Slot("a", List.of(3, 7), 0, 0, 21),
            new Slot("b", List.of(16), 0, 32, 16),
            new Slot("c", List.of(5), 0, 48, 5));
    assertThat(layout.bufferSize(0)).isEqualTo(64);
    assertThat(layout.parameterCount()).isEqualTo(42);
  }

  @Test
  void whatDoesNotFitIsRefusedWithWhatMakesItSmaller() {
    assertThat(FlatParameters.unavailable(40, new OutOfMemoryError("direct")))
        .hasMessageContaining("40 bytes of native memory")
        .hasMessageContaining("an adapter in place of every weight, a lower rank");
    assertThatThrownBy(() -> FlatLayout.of(Map.of("big", List.of(1 << 15, 1 << 15))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("big has shape [32768, 32768]")
        .hasMessageContaining("train an adapter, of a lower rank where it is one");
  }

  @Test
  void buffersAreSplitBetweenTensors() {
    FlatLayout layout = FlatLayout.of(shapes(), 48);
    assertThat(layout.slots()).extracting(Slot::buffer).containsExactly(0, 0, 1);
    assertThat(layout.slot("c").offset()).isZero();
    assertThat(layout.bufferSize(0)).isEqualTo(48);
    assertThat(layout.bufferSize(1)).isEqualTo(16);
  }

  @Test
  void aTensorOf2GibIsRefusedByName() {
    assertThatThrownBy(() -> FlatLayout.of(Map.of("big", List.of(152_000, 3584))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("big has shape [152000, 3584]");
  }

  @Test
  void slicesAreAlignedNativeViewsOfTheSameMemory() {
    FlatParameters parameters = FlatParameters.zeros(FlatLayout.of(shapes()));
    FloatBuffer slice = parameters.slice("b");
    assertThat(slice.isDirect()).isTrue();
    assertThat(slice.order()).isEqualTo(ByteOrder.nativeOrder());
    assertThat(slice.capacity()).isEqualTo(16);
    slice.put(0, 7);
    assertThat(parameters.buffer(0).get(32)).isEqualTo(7);
    WeightTensor before = parameters.snapshot("b");
    parameters.clear();
    assertThat(slice.get(0)).isZero();
    assertThat(before.data().get(0)).isEqualTo(7);
    assertThat(before.shape()).containsExactly(16);
  }

  @Test
  void tensorsAreCopiedAndChecked() {
    FlatLayout layout = FlatLayout.of(Map.of("w", List.of(2)));
    FloatBuffer data =
        ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).asFloatBuffer().put(1, 5);
    WeightTensor tensor = new WeightTensor("w", new long[] {2}, data);
    FlatParameters parameters = FlatParameters.copyOf(layout, Map.of("w", tensor));
    data.put(1, 6);
    assertThat(parameters.slice("w").get(1)).isEqualTo(5);
    assertThatThrownBy(() -> FlatParameters.copyOf(layout, Map.of()))
        .hasMessage("tensors must contain w");
    FlatLayout other = FlatLayout.of(Map.of("w", List.of(3)));
    assertThatThrownBy(() -> FlatParameters.copyOf(other, Map.of("w", tensor)))
        .hasMessage("w must have 3 elements but has 2");
  }
}
