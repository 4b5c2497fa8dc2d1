package org.alignment4j.rlhf.loss;

import java.nio.DoubleBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/** Runs a graph of vectors in double precision. */
final class DoubleGraph {

  private DoubleGraph() {}

  /** Refuses vectors that are empty or not equally long. */
  static int requireSameLength(Map<String, double[]> inputs) {
    int first = inputs.values().iterator().next().length;
    for (double[] values : inputs.values()) {
      if (values.length == 0 || values.length != first) {
        throw new IllegalArgumentException(
            "arrays must be equally long and not empty but one has "
                + values.length
                + " values and the first has "
                + first);
      }
    }
    return first;
  }

  /** One of the outputs of {@link #run}. */
  static double[] output(Map<String, double[]> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** Every output of the graph, by name. */
  static Map<String, double[]> run(Graph graph, Map<String, double[]> inputs) {
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    try (CompiledGraph compiled = CompiledGraph.compile(runtime, "loss", graph.toModel())) {
      inputs.forEach((name, v) -> feeds.put(name, Tensor.copyOf(runtime, v, v.length)));
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
