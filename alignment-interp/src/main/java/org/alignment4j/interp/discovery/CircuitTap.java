package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * Lets every input read {@code x + sum over sources s of mask[port, s] (corrupted[s] -
 * current[s])}, the sum of what is inside the circuit as it is and of what is outside as it was in
 * the corrupted run. Masks and corrupted activations are inputs, so that one graph serves every
 * circuit, and each row of a batch may have its own.
 */
final class CircuitTap extends EdgeTap {

  /** The input {@code [batch, seq, sources, dModel]}. */
  static final String CORRUPTED = "circuit.corrupted";

  /** The input {@code [batch, ports, sources]}: 1 where an edge is outside. */
  static final String MASK = "circuit.mask";

  private final List<Value> differences = new ArrayList<>();
  private final Map<Integer, Value> joined = new HashMap<>();
  private final Map<Integer, Value> masks = new HashMap<>();
  private Map<Integer, Value> corrupted = Map.of();
  private int known;

  CircuitTap(Ops ops, ComputationGraph graph) {
    super(ops, graph);
  }

  @Override
  Value written(int first, Value value) {
    if (first == 0) {
      declare(value);
    }
    Value other = corrupted.get(first);
    if (other == null) {
      throw new IllegalStateException("no part is known to write at " + first);
    }
    differences.add(ops.sub(other, value));
    known += Math.toIntExact(value.shape().size(2));
    return value;
  }

  private void declare(Value like) {
    corrupted = bySource(activations(CORRUPTED, like), 2);
    Value mask =
        ops.graph()
            .parameter(
                MASK,
                Shape.of(like.dim(0), Dim.of(graph.portCount()), Dim.of(graph.sourceCount())),
                false);
    List<PortGroup> groups = groups(graph);
    List<Value> parts = ops.split(mask, 1, groups.stream().mapToLong(PortGroup::count).toArray());
    for (int i = 0; i < parts.size(); i++) {
      masks.put(groups.get(i).first(), parts.get(i));
    }
  }

  @Override
  Value read(PortGroup group, Value value) {
    Value mask = masks.get(group.first());
    Value difference = joined.computeIfAbsent(group.sources(), this::joined);
    if (mask == null) {
      throw new IllegalStateException("no input is known to read at " + group);
    }
    int rest = graph.sourceCount() - group.sources();
    Value part = rest == 0 ? mask : ops.split(mask, 2, group.sources(), rest).get(0);
    Value byPosition =
        ops.reshape(
            part, Shape.of(mask.dim(0), Dim.of(1), Dim.of(group.count()), Dim.of(group.sources())));
    return ops.add(value, ops.matMul(byPosition, difference));
  }

  /** The first differences, all that are known yet or those before a layer's heads. */
  private Value joined(int sources) {
    List<Value> parts = new ArrayList<>();
    int total = 0;
    for (Value part : differences) {
      if (total < sources) {
        parts.add(part);
        total += Math.toIntExact(part.shape().size(2));
      }
    }
    if (total != sources || sources > known) {
      throw new IllegalStateException(
          "an input reads " + sources + " sources but " + total + " are known");
    }
    return parts.size() == 1
        ? parts.get(0)
        : ops.concat(2, Dim.of(sources), parts.toArray(Value[]::new));
  }
}
