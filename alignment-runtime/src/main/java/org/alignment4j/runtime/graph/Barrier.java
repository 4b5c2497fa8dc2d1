package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes values wait for others that they do not depend on. ONNX Runtime runs what leads to a
 * graph's last output first and leaves the gradients of parameters for the end, and what they read
 * stays alive until then.
 *
 * <p>A value waits as an expansion to its own shape plus zero times the sizes of what must be there
 * before: sizes cost nothing, and no value takes part in arithmetic.
 */
final class Barrier {

  private final Graph graph;

  Barrier(Graph graph) {
    this.graph = graph;
  }

  /** An int64 zero that is not to be had before some values are; the last are computed first. */
  Value after(List<Value> before) {
    Graph.Type count = new Graph.Type(ElementType.INT64, Shape.scalar());
    Value[] sizes =
        before.stream()
            .map(value -> graph.node("Size", count, Map.of(), value))
            .toArray(Value[]::new);
    Value most = graph.node("Max", count, Map.of(), sizes);
    return graph.node("Mul", count, Map.of(), most, graph.longs(true, 0));
  }

  /** A value, not to be had before a zero is. */
  Value held(Value value, Value zero) {
    Graph.Type vector = new Graph.Type(ElementType.INT64, Shape.of(value.rank()));
    Value shape = graph.node("Shape", vector, Map.of(), value);
    Value same = graph.node("Add", vector, Map.of(), shape, zero);
    return graph.node("Expand", new Graph.Type(value.type(), value.shape()), Map.of(), value, same);
  }

  /**
   * Lets nodes that read weights alone wait too, such as those that expand quantised ones: they
   * would be run before everything else. The smallest of their operands is held back.
   */
  List<Node> waiting(List<Node> readers, Value zero) {
    Map<String, Value> weights = new HashMap<>();
    for (Value input : graph.inputs()) {
      if (input.type().isReal() && input.shape().symbols() == 0) {
        weights.put(input.name(), input);
      }
    }
    Set<String> computed = new HashSet<>();
    graph.nodes().forEach(node -> computed.addAll(node.outputs()));
    computed.remove("");
    Map<String, String> held = new HashMap<>();
    List<Node> waiting = new ArrayList<>();
    for (Node node : readers) {
      if (node.inputs().stream().anyMatch(computed::contains)) {
        computed.addAll(node.outputs());
        waiting.add(node);
        continue;
      }
      Optional<Value> smallest =
          node.inputs().stream()
              .map(weights::get)
              .filter(Objects::nonNull)
              .min(Comparator.comparingLong(Barrier::elements));
      waiting.add(
          smallest
              .map(v -> held.computeIfAbsent(v.name(), n -> held(v, zero).name()))
              .map(later -> reading(node, smallest.get().name(), later))
              .orElse(node));
    }
    return waiting;
  }

  private static long elements(Value value) {
    long n = 1;
    for (int axis = 0; axis < value.rank(); axis++) {
      n *= value.shape().size(axis);
    }
    return n;
  }

  private static Node reading(Node node, String name, String instead) {
    return new Node(
        node.opType(),
        node.domain(),
        node.inputs().stream().map(n -> n.equals(name) ? instead : n).toList(),
        node.outputs(),
        node.attributes());
  }
}
