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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Emits a section's values a second time where its backward pass reads them (Chen et al. 2016,
 * "Training Deep Nets with Sublinear Memory Cost", section 4), so that the first are free as soon
 * as the forward pass has gone by. The second emission has the same operations on the same
 * operands, random masks included, and so the same values.
 *
 * <p>ONNX Runtime would merge equal computations, and would run the second as early as the first.
 * Therefore it reads the section's input through an expansion to the input's own shape, plus zero
 * times the sizes of the gradients that must be there before: that of the section's output, and
 * those of the parameters behind it, whose operations would otherwise be left for the end of the
 * run and keep alive what they read. Sizes cost nothing, and no value takes part in arithmetic.
 */
final class Replay {

  private static final String AGAIN = "/again";

  private final Graph graph;
  private final Section section;

  Replay(Graph graph, Section section) {
    this.graph = graph;
    this.section = section;
  }

  /**
   * Plays a section backwards over values computed again.
   *
   * @param gradient of the section's output; null where none reaches it
   * @param before further gradients to wait for
   * @param backward emits the section's gradients
   */
  void emit(@Nullable Value gradient, List<Value> before, Runnable backward) {
    int from = graph.nodes().size();
    backward.run();
    if (gradient == null) {
      return;
    }
    List<Node> readers = graph.cut(from);
    List<Node> again = readBy(readers);
    if (!again.isEmpty()) {
      Value zero = after(gradient, before);
      Map<String, String> names = new HashMap<>();
      names.put(section.input().name(), held(section.input(), zero).name());
      for (Node node : again) {
        node.outputs().stream().filter(o -> !o.isEmpty()).forEach(o -> names.put(o, o + AGAIN));
      }
      names.remove(section.output().name());
      readers = waiting(readers, zero);
      again.forEach(node -> graph.append(renamed(node, names, true)));
      readers.replaceAll(node -> renamed(node, names, false));
    }
    readers.forEach(graph::append);
  }

  /**
   * Lets nodes that read weights alone wait too, such as those that expand quantised ones: they
   * would be run before everything else. The smallest of their operands is held back.
   */
  private List<Node> waiting(List<Node> readers, Value zero) {
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
              .min(Comparator.comparingLong(Replay::elements));
      waiting.add(
          smallest
              .map(v -> held.computeIfAbsent(v.name(), n -> held(v, zero).name()))
              .map(later -> renamed(node, Map.of(smallest.get().name(), later), false))
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

  /**
   * The section's nodes that its input reaches and that others read, directly or through others.
   */
  private List<Node> readBy(List<Node> readers) {
    List<Node> nodes = graph.nodes().subList(section.firstNode(), section.endNode());
    Set<String> reached = new HashSet<>(Set.of(section.input().name()));
    List<Node> dependent = new ArrayList<>();
    for (Node node : nodes) {
      if (node.inputs().stream().anyMatch(reached::contains)) {
        dependent.add(node);
        reached.addAll(node.outputs());
        reached.remove("");
      }
    }
    Set<String> read = new HashSet<>();
    readers.forEach(node -> read.addAll(node.inputs()));
    List<Node> again = new ArrayList<>();
    for (int i = dependent.size() - 1; i >= 0; i--) {
      Node node = dependent.get(i);
      // What the section gives is kept: it is what the next section reads.
      read.remove(section.output().name());
      read.remove("");
      if (node.outputs().stream().anyMatch(read::contains)) {
        again.add(0, node);
        read.addAll(node.inputs());
      }
    }
    return again;
  }

  private static Node renamed(Node node, Map<String, String> names, boolean outputs) {
    return new Node(
        node.opType(),
        node.domain(),
        node.inputs().stream().map(n -> names.getOrDefault(n, n)).toList(),
        outputs
            ? node.outputs().stream().map(n -> n.isEmpty() ? n : n + AGAIN).toList()
            : node.outputs(),
        node.attributes());
  }

  /** An int64 zero that is not to be had before some gradients are. */
  private Value after(Value gradient, List<Value> before) {
    Graph.Type count = new Graph.Type(ElementType.INT64, Shape.scalar());
    Value[] sizes =
        Stream.concat(Stream.of(gradient), before.stream())
            .map(value -> graph.node("Size", count, Map.of(), value))
            .toArray(Value[]::new);
    Value most = graph.node("Max", count, Map.of(), sizes);
    return graph.node("Mul", count, Map.of(), most, graph.longs(true, 0));
  }

  /** A value, not to be had before a zero is. */
  private Value held(Value value, Value zero) {
    Graph.Type vector = new Graph.Type(ElementType.INT64, Shape.of(value.rank()));
    Value shape = graph.node("Shape", vector, Map.of(), value);
    Value same = graph.node("Add", vector, Map.of(), shape, zero);
    return graph.node("Expand", new Graph.Type(value.type(), value.shape()), Map.of(), value, same);
  }
}
