package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

  /** ONNX Runtime itself would read freed memory. */
  @Test
  void aClosedOneIsRefusedWhereverItIsUsed() {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    Tensor closed = Tensor.copyOf(runtime, new float[] {1, 2}, 1, 2);
    closed.close();
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    Value x = ops.graph().parameter("x", Shape.of(1, 2), false);
    ops.graph().output("y", ops.scale(x, 2));
    try (CompiledGraph graph = CompiledGraph.compile(runtime, "twice", ops.graph().toModel());
        Tensor open = Tensor.copyOf(runtime, new float[] {1, 2}, 1, 2)) {
      List<ThrowingCallable> uses =
          List.of(
              closed::floats,
              closed::bytes,
              () -> graph.run(Map.of("x", closed), Map.of(), Set.of("y")).close(),
              () -> graph.run(Map.of("x", open), Map.of("y", closed), Set.of()).close());
      for (ThrowingCallable use : uses) {
        assertThatThrownBy(use)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith(
                "a tensor of shape [1, 2] must be open to be used but is closed");
      }
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
