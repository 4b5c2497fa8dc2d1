package org.alignment4j.examples.pixels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/** A perceptron of two hidden layers over two planes, mask and value, as a graph of the engine. */
final class JudgeNetwork {
  static final String INPUT = "planes";
  static final String TARGET = "target";
  static final String LOGITS = "logits";
  static final String LOSS = "loss";
  static final int INPUTS = 2 * Digit.PIXELS;

  private static final int FIRST = 256;
  private static final int SECOND = 128;
  private static final Dim ROWS = Dim.symbol("rows");

  private JudgeNetwork() {}

  /** The shapes of all parameters, by name. */
  static Map<String, List<Integer>> shapes() {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("w1", List.of(INPUTS, FIRST));
    shapes.put("b1", List.of(FIRST));
    shapes.put("w2", List.of(FIRST, SECOND));
    shapes.put("b2", List.of(SECOND));
    shapes.put("w3", List.of(SECOND, Digit.CLASSES));
    shapes.put("b3", List.of(Digit.CLASSES));
    return shapes;
  }

  static String gradient(String parameter) {
    return "d_" + parameter;
  }

  /** A graph of logits, or of the mean cross-entropy and its gradients. */
  static Graph graph(boolean training) {
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    Map<String, Value> parameters = new LinkedHashMap<>();
    shapes()
        .forEach(
            (name, shape) ->
                parameters.put(
                    name,
                    graph.parameter(
                        name, new Shape(shape.stream().map(Dim::of).toList()), training)));
    Value x = graph.input(INPUT, ElementType.FLOAT, new Shape(List.of(ROWS, Dim.of(INPUTS))));
    Value hidden = ops.relu(layer(ops, x, parameters, "1"));
    Value logits = layer(ops, ops.relu(layer(ops, hidden, parameters, "2")), parameters, "3");
    if (!training) {
      graph.output(LOGITS, logits);
      return graph;
    }
    Value target =
        graph.input(TARGET, ElementType.FLOAT, new Shape(List.of(ROWS, Dim.of(Digit.CLASSES))));
    Value losses = ops.neg(ops.sum(ops.mul(target, ops.logSoftmax(logits)), -1));
    Value loss = ops.sumAll(losses);
    graph.output(LOSS, loss);
    Gradients gradients = Gradients.of(graph, loss);
    parameters.forEach(
        (name, value) -> graph.output(gradient(name), gradients.dense(value).orElseThrow()));
    return graph;
  }

  private static Value layer(Ops ops, Value x, Map<String, Value> parameters, String number) {
    Value weight = parameters.get("w" + number);
    Value bias = parameters.get("b" + number);
    if (weight == null || bias == null) {
      throw new IllegalStateException("layer " + number + " must have parameters");
    }
    return ops.add(ops.matMul(x, weight), bias);
  }
}
