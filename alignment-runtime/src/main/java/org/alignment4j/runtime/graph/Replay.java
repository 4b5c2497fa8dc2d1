package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private final Barrier barrier;

  Replay(Graph graph, Section section) {
    this.graph = graph;
    this.section = section;
    this.barrier = new Barrier(graph);
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
      Value zero = barrier.after(Stream.concat(Stream.of(gradient), before.stream()).toList());
      Map<String, String> names = new HashMap<>();
      names.put(section.input().name(), barrier.held(section.input(), zero).name());
      for (Node node : again) {
        node.outputs().stream().filter(o -> !o.isEmpty()).forEach(o -> names.put(o, o + AGAIN));
      }
      names.remove(section.output().name());
      readers = barrier.waiting(readers, zero);
      again.forEach(node -> graph.append(renamed(node, names, true)));
      readers.replaceAll(node -> renamed(node, names, false));
    }
    readers.forEach(graph::append);
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
}
