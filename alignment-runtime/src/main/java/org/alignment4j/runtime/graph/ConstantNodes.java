package org.alignment4j.runtime.graph;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts the nodes whose results depend on no input of the model: a runtime may compute those while
 * it loads the model, and keeps what they give. Names are held as fingerprints. Not thread-safe.
 */
final class ConstantNodes {

  /** Of these only the shape of the input is read, which may be known beforehand. */
  private static final Set<String> SHAPES = Set.of("Shape", "Size");

  private final Set<Long> constants = new HashSet<>();
  private final List<Waiting> nodes = new ArrayList<>();

  private static final class Waiting {
    private final List<Long> outputs;
    private int open;

    Waiting(List<Long> outputs) {
      this.outputs = outputs;
    }
  }

  private final Map<Long, List<Waiting>> readers = new HashMap<>();

  static long fingerprint(String name) {
    return Hashing.sipHash24().hashString(name, StandardCharsets.UTF_8).asLong();
  }

  /** A tensor that the file holds. */
  void constant(String name) {
    constants.add(fingerprint(name));
  }

  /** A node without graphs of its own. */
  void node(String operator, List<String> inputs, List<String> outputs) {
    if (operator.equals("Constant")) {
      outputs.forEach(this::constant);
      return;
    }
    Waiting node = new Waiting(outputs.stream().map(ConstantNodes::fingerprint).toList());
    nodes.add(node);
    if (SHAPES.contains(operator)) {
      return;
    }
    for (String input : inputs) {
      if (!input.isEmpty()) {
        node.open++;
        readers.computeIfAbsent(fingerprint(input), k -> new ArrayList<>(1)).add(node);
      }
    }
  }

  /** How many there are; of names given twice, either counts. Asked once, at the end. */
  int count() {
    Deque<Long> known = new ArrayDeque<>(constants);
    int count = 0;
    for (Waiting node : nodes) {
      if (node.open == 0) {
        count++;
        known.addAll(node.outputs);
      }
    }
    while (!known.isEmpty()) {
      List<Waiting> reading = readers.remove(known.remove());
      for (Waiting node : reading == null ? List.<Waiting>of() : reading) {
        if (--node.open == 0) {
          count++;
          known.addAll(node.outputs);
        }
      }
    }
    return count;
  }
}
