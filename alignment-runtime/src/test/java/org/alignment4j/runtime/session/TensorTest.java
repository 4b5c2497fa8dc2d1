package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void elementsAreReadAsWhatTheyAre() {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    try (Tensor floats = Tensor.copyOf(runtime, new float[] {1, 2}, 2);
        Tensor longs = Tensor.copyOf(runtime, new long[] {3}, 1)) {
      assertThat(floats.floats().get(1)).isEqualTo(2);
      assertThat(longs.longs().get(0)).isEqualTo(3);
      assertThatThrownBy(longs::floats)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be float");
      assertThatThrownBy(floats::longs).hasMessageContaining("must be int64");
    }
  }

  @Test
  void dataMustFit() {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    assertThatThrownBy(() -> Tensor.of(runtime, FloatBuffer.allocate(2), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("direct buffer");
    assertThatThrownBy(() -> Tensor.copyOf(runtime, new float[3], 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must hold 4 elements");
  }
}
