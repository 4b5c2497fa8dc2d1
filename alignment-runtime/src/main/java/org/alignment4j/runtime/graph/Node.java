package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;

/**
 * One operation of a graph.
 *
 * @param opType ONNX operator
 * @param domain operator set; empty for the standard one
 * @param inputs value names by position; an empty name is an absent optional input
 * @param outputs value names by position; an empty name is an absent optional output
 * @param attributes Long, Float, String, long[] or float[] by name
 */
record Node(
    String opType,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, Object> attributes) {

  Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }
}
