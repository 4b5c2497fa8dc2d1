package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Gradients;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Moves what each part writes towards another run, {@code x + share (corrupted - x)}, and gives the
 * gradient with respect to every input times a fixed difference of activations, {@code sum over
 * positions and coordinates of difference[source] * gradient[port]} (Syed et al. 2023, equation 3).
 */
final class ScoreTap extends EdgeTap {

  /** The input {@code [batch, seq, sources, dModel]}: where interpolation leads. */
  static final String CORRUPTED = "circuit.corrupted";

  /** The input {@code [batch, seq, sources, dModel]}: corrupted minus clean activations. */
  static final String DIFFERENCE = "circuit.difference";

  /** The input {@code [batch, sources]}: how far each source is moved. */
  static final String SHARE = "circuit.share";

  private record Watched(PortGroup group, Value value) {}

  private final List<Watched> watched = new ArrayList<>();
  private Map<Integer, Value> corrupted = Map.of();
  private Map<Integer, Value> shares = Map.of();
  private @Nullable Value difference;

  ScoreTap(Ops ops, ComputationGraph graph) {
    super(ops, graph);
  }

  static String output(PortGroup group) {
    return "scores." + group.first();
  }

  @Override
  Value written(int first, Value value) {
    if (first == 0) {
      corrupted = bySource(activations(CORRUPTED, value), 2);
      difference = activations(DIFFERENCE, value);
      shares =
          bySource(
              ops.graph()
                  .parameter(SHARE, Shape.of(value.dim(0), Dim.of(graph.sourceCount())), false),
              1);
    }
    Value other = corrupted.get(first);
    Value share = shares.get(first);
    if (other == null || share == null) {
      throw new IllegalStateException("no part is known to write at " + first);
    }
    Value column = ops.reshape(share, Shape.of(value.dim(0), Dim.of(1), value.dim(2), Dim.of(1)));
    return ops.add(value, ops.mul(ops.sub(other, value), column));
  }

  @Override
  Value read(PortGroup group, Value value) {
    Value seen = ops.watched(value);
    watched.add(new Watched(group, seen));
    return seen;
  }

  /** Emits the scores of each group of ports, {@code [batch, ports, sources before them]}. */
  void emit(Gradients gradients) {
    for (Watched read : watched) {
      Value all = difference;
      if (all == null) {
        throw new IllegalStateException("the forward pass must be emitted first");
      }
      Value slope = gradients.dense(read.value()).orElseGet(() -> ops.scale(read.value(), 0));
      Value before = firstSources(all, read.group().sources());
      Value scores = ops.sum(ops.matMul(slope, false, before, true, 1), 1);
      ops.graph().output(output(read.group()), scores);
    }
  }
}
