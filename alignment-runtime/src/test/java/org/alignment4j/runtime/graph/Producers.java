package org.alignment4j.runtime.graph;

/** Which operations of a graph make its outputs, for tests of other packages. */
public final class Producers {

  private Producers() {}

  /** The ONNX operator that makes an output. */
  public static String of(Graph graph, String output) {
    String value = graph.outputs().get(output).name();
    return graph.nodes().stream()
        .filter(node -> node.outputs().contains(value))
        .map(Node::opType)
        .findFirst()
        .orElseThrow();
  }
}
