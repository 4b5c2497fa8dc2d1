package org.alignment4j.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.api.Test;

/** Value and gradient keep their relative precision where they are small. */
class LogSigmoidTest {

  private static final double[] AT = {
    0, 1, 5, 8, 10, 12, 14, 15, 16, 17, 17.5, 18, 20, 25, 30, 60, -1, -5, -20, -100, -1e4
  };

  @Test
  void inFloat() {
    float[] x = new float[AT.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) AT[i];
    }
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    try (CompiledGraph compiled = compile(runtime, ElementType.FLOAT);
        Tensor in = Tensor.copyOf(runtime, x, x.length);
        RunResult result = compiled.run(Map.of("x", in), Map.of(), Set.of("y", "dx"))) {
      for (int i = 0; i < x.length; i++) {
        assertNear(result.get("y").floats().get(i), value(AT[i]), 1e-6);
        assertNear(result.get("dx").floats().get(i), gradient(AT[i]), 1e-6);
      }
    }
  }

  @Test
  void inDouble() {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    try (CompiledGraph compiled = compile(runtime, ElementType.DOUBLE);
        Tensor in = Tensor.copyOf(runtime, AT, AT.length);
        RunResult result = compiled.run(Map.of("x", in), Map.of(), Set.of("y", "dx"))) {
      for (int i = 0; i < AT.length; i++) {
        assertNear(result.get("y").doubles().get(i), value(AT[i]), 1e-14);
        assertNear(result.get("dx").doubles().get(i), gradient(AT[i]), 1e-14);
      }
    }
  }

  private static CompiledGraph compile(OrtRuntime runtime, ElementType type) {
    Graph graph = new Graph(type);
    Ops ops = new Ops(graph);
    Value x = graph.parameter("x", Shape.of(AT.length), true);
    Value y = ops.logSigmoid(x);
    graph.output("y", y);
    graph.output("dx", Gradients.of(graph, ops.sumAll(y)).dense(x).orElseThrow());
    return CompiledGraph.compile(runtime, "log-sigmoid", graph.toModel());
  }

  private static double value(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double gradient(double x) {
    return x >= 0 ? Math.exp(-x) / (1 + Math.exp(-x)) : 1 / (1 + Math.exp(x));
  }

  private static void assertNear(double actual, double expected, double relative) {
    assertThat(actual).isCloseTo(expected, within(relative * Math.abs(expected)));
  }
}
