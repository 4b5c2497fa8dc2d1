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
  static final String IDS = "ids";
  static final String FACTORS = "factors";
  static final String TARGET = "target";
  static final String LOGITS = "logits";
  static final String LOSS = "loss";
  static final int INPUTS = 2 * Digit.PIXELS;

  private static final int FIRST = 256;
  private static final int SECOND = 128;
  private static final Dim ROWS = Dim.symbol("rows");
  private static final Dim TERMS = Dim.symbol("terms");

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

  /** A graph of the mean cross-entropy and its gradients. */
  static Graph training() {
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    Map<String, Value> parameters = parameters(graph, true);
    Value x = graph.input(INPUT, ElementType.FLOAT, new Shape(List.of(ROWS, Dim.of(INPUTS))));
    Value logits = above(ops, layer(ops, x, parameters, "1"), parameters);
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

  /**
   * A graph of logits from the inputs that are not 0: which they are, {@code [rows, terms]}, and
   * how large, {@code [rows, terms, 1]}. A position shows a few of {@link #INPUTS}.
   */
  static Graph judging() {
    Graph graph = new Graph(ElementType.FLOAT);
    Ops ops = new Ops(graph);
    Map<String, Value> parameters = parameters(graph, false);
    Value ids = graph.input(IDS, ElementType.INT64, new Shape(List.of(ROWS, TERMS)));
    Value factors =
        graph.input(FACTORS, ElementType.FLOAT, new Shape(List.of(ROWS, TERMS, Dim.of(1))));
    Value terms = ops.mul(ops.embed(of(parameters, "w1"), ids), factors);
    Value first = ops.add(ops.sum(terms, 1), of(parameters, "b1"));
    graph.output(LOGITS, above(ops, first, parameters));
    return graph;
  }

  private static Map<String, Value> parameters(Graph graph, boolean trained) {
    Map<String, Value> parameters = new LinkedHashMap<>();
    shapes()
        .forEach(
            (name, shape) ->
                parameters.put(
                    name,
                    graph.parameter(
                        name, new Shape(shape.stream().map(Dim::of).toList()), trained)));
    return parameters;
  }

  private static Value above(Ops ops, Value first, Map<String, Value> parameters) {
    Value second = layer(ops, ops.relu(first), parameters, "2");
    return layer(ops, ops.relu(second), parameters, "3");
  }

  private static Value layer(Ops ops, Value x, Map<String, Value> parameters, String number) {
    return ops.add(ops.matMul(x, of(parameters, "w" + number)), of(parameters, "b" + number));
  }

  private static Value of(Map<String, Value> parameters, String name) {
    Value value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException(name + " must be a parameter");
    }
    return value;
  }
}
