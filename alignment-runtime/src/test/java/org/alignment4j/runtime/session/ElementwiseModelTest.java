package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.junit.jupiter.api.Test;

class ElementwiseModelTest {

  private final Graph graph = new Graph(ElementType.FLOAT);

  private void declare() {
    Ops ops = new Ops(graph);
    Value x = graph.input("x", ElementType.FLOAT, Shape.of(Dim.symbol("rows"), Dim.of(6)));
    Value twice = ops.scale(x, 2);
    Value square =
        ops.reshape(
            ops.reshape(twice, Dim.symbol("rows"), Dim.of(2), Dim.of(3)), Dim.of(2), Dim.of(6));
    graph.output("reshaped", square);
    graph.output("twice", twice);
    graph.output("transposed", ops.transpose(twice, 1, 0));
    graph.output("given", ops.reshape(x, Dim.symbol("rows"), Dim.of(3), Dim.of(2)));
  }

  @Test
  void outputsWithTheSameElementsAreOneAndReadUnderEveryName() {
    declare();
    GraphModel model = graph.toElementwiseModel();
    assertThat(model.outputs()).containsOnlyKeys("reshaped", "transposed", "given");
    assertThat(model.aliases()).isEqualTo(Map.of("twice", "reshaped"));
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    float[] x = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    float[] twice = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22};
    Set<String> all = Set.of("reshaped", "twice", "transposed", "given");
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, "shapes", model);
        Tensor fed = Tensor.copyOf(runtime, x, 2, 6);
        RunResult together = compiled.run(Map.of("x", fed), Map.of(), all);
        RunResult alone = compiled.run(Map.of("x", fed), Map.of(), Set.of("twice"))) {
      assertThat(compiled.outputNames()).isEqualTo(all);
      assertThat(together.get("reshaped").array()).isEqualTo(twice);
      assertThat(together.get("twice").array()).isEqualTo(twice);
      assertThat(alone.get("twice").array()).isEqualTo(twice);
      assertThat(together.get("transposed").array())
          .containsExactly(0, 12, 2, 14, 4, 16, 6, 18, 8, 20, 10, 22);
      assertThat(together.get("given").array()).isEqualTo(x);
    }
  }

  @Test
  void otherwiseEveryOutputHasTheShapeItWasDeclaredWith() {
    declare();
    GraphModel model = graph.toModel();
    assertThat(model.outputs()).hasSize(4);
    assertThat(model.aliases()).isEmpty();
  }
}
