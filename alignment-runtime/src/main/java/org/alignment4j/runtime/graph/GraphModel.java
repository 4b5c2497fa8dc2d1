package org.alignment4j.runtime.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A finished graph: what it takes, what it gives, and its bytes in the ONNX format.
 *
 * @param inputs declared inputs in order, without those given when it is compiled
 * @param packed inputs given when it is compiled, in order
 * @param outputs declared outputs in order, by name
 * @param aliases further names of outputs, and the name in {@code outputs} of each
 * @param onnx the serialised model; treat as read-only
 */
public record GraphModel(
    List<Value> inputs,
    List<Value> packed,
    Map<String, Value> outputs,
    Map<String, String> aliases,
    byte[] onnx) {

  public GraphModel {
    inputs = List.copyOf(inputs);
    packed = List.copyOf(packed);
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    aliases = Map.copyOf(aliases);
  }

  /** The file in which the model says that the values of a {@link #packed} input lie. */
  public static String location(int index) {
    return "packed-" + index;
  }
}
