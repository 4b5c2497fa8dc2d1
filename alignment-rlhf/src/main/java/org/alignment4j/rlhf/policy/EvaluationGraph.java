package org.alignment4j.rlhf.policy;

import java.nio.DoubleBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/** A graph in double precision whose inputs are given with their numbers, run once. */
final class EvaluationGraph {

  private static final String METRIC = "metric:";

  private final Graph graph = new Graph(ElementType.DOUBLE);
  private final Ops ops = new Ops(graph);
  private final Map<String, double[]> inputs = new LinkedHashMap<>();
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  Ops ops() {
    return ops;
  }

  /** An input of given numbers, in row-major order. */
  Value input(String name, double[] numbers, boolean differentiable, int... dims) {
    Dim[] shape = new Dim[dims.length];
    long[] sizes = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      shape[i] = Dim.of(dims[i]);
      sizes[i] = dims[i];
    }
    inputs.put(name, numbers);
    shapes.put(name, sizes);
    return graph.parameter(name, Shape.of(shape), differentiable);
  }

  /** The losses, their weighted sum and its gradient by an input. */
  LossValues evaluate(LossTerms terms, Value weights, Value by) {
    Value loss = ops.sumAll(ops.mul(terms.losses(), weights));
    graph.output("losses", terms.losses());
    graph.output("loss", loss);
    // A constant times an input gives each metric a node of its own, be it an input itself.
    terms.metrics().forEach((name, v) -> graph.output(METRIC + name, ops.scale(v, 1)));
    graph.output("gradients", Gradients.of(graph, loss).dense(by).orElseThrow());
    Map<String, double[]> outputs = run();
    Map<String, double[]> metrics = new LinkedHashMap<>();
    for (String name : terms.metrics().keySet()) {
      metrics.put(name, output(outputs, METRIC + name));
    }
    return new LossValues(
        output(outputs, "losses"),
        output(outputs, "loss")[0],
        output(outputs, "gradients"),
        metrics);
  }

  private static double[] output(Map<String, double[]> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name), name);
  }

  private Map<String, double[]> run() {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, "loss", graph.toModel())) {
      inputs.forEach(
          (name, v) ->
              feeds.put(name, Tensor.copyOf(runtime, v, Objects.requireNonNull(shapes.get(name)))));
      try (RunResult result = compiled.run(feeds, Map.of(), graph.outputs().keySet())) {
        Map<String, double[]> outputs = new LinkedHashMap<>();
        for (String name : graph.outputs().keySet()) {
          DoubleBuffer buffer = result.get(name).doubles();
          double[] values = new double[buffer.remaining()];
          buffer.get(values);
          outputs.put(name, values);
        }
        return outputs;
      }
    } finally {
      feeds.values().forEach(Tensor::close);
    }
  }
}
