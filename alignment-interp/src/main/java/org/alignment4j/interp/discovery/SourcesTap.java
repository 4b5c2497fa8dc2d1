package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/** Collects what every part writes. */
final class SourcesTap extends EdgeTap {

  private final List<Value> parts = new ArrayList<>();

  SourcesTap(Ops ops, ComputationGraph graph) {
    super(ops, graph);
  }

  @Override
  Value written(int first, Value value) {
    parts.add(value);
    return value;
  }

  @Override
  Value read(PortGroup group, Value value) {
    return value;
  }

  /** {@code [batch, seq, sources, dModel]}, once the forward pass is emitted. */
  Value all() {
    return ops.concat(2, Dim.of(graph.sourceCount()), parts.toArray(Value[]::new));
  }
}
