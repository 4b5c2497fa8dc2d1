package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.junit.jupiter.api.Test;

/** Values packed into a graph from memory, as on a CPU, and from files, as on a device. */
class PackedValuesTest {

  private final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);

  @Test
  void filesGiveWhatMemoryGives() {
    try (Tensor weight = Tensor.copyOf(runtime, new float[] {1, 2, 3, 4, 5, 6}, 2, 3)) {
      float[] fromMemory = product(Map.of("w", weight), Map.of());
      assertThat(fromMemory).containsExactly(21, 27, 33);
      assertThat(product(Map.of(), Map.of("w", weight::bytes))).isEqualTo(fromMemory);
    }
  }

  private float[] product(Map<String, Tensor> memory, Map<String, Supplier<ByteBuffer>> files) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    Value x = ops.graph().parameter("x", Shape.of(1, 2), false);
    Value w = ops.graph().parameter("w", Shape.of(2, 3), false);
    ops.graph().output("y", ops.matMul(x, w));
    GraphModel model = ops.graph().toModel(Set.of("w"));
    float[] values = new float[3];
    try (CompiledGraph graph = CompiledGraph.compile(runtime, "product", model, memory, files);
        Tensor given = Tensor.copyOf(runtime, new float[] {1, 5}, 1, 2);
        RunResult result = graph.run(Map.of("x", given), Map.of(), Set.of("y"))) {
      result.get("y").floats().get(values);
    }
    return values;
  }
}
