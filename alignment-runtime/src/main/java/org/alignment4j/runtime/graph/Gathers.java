package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rows picked from a table or a matrix by their ids. */
final class Gathers {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Gathers(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value embed(Value table, Value ids) {
    List<Dim> dims = new ArrayList<>(ids.shape().dims());
    dims.add(table.dim(1));
    Value y =
        graph.node(
            "Gather",
            new Graph.Type(table.type(), new Shape(dims)),
            Map.of("axis", 0L),
            table,
            ids);
    tape.record(y, (dy, sink) -> sink.addRows(table, ids, dy));
    return y;
  }

  Value gatherRows(Value a, Value ids, Value inverse) {
    Value y =
        graph.node(
            "Gather",
            new Graph.Type(a.type(), Shape.of(ids.dim(0), a.dim(1))),
            Map.of("axis", 0L),
            a,
            ids);
    tape.record(
        y,
        (dy, sink) -> {
          long width = a.shape().size(1);
          Value zeroRow = ops.expand(ops.constant(0), Shape.of(1, width));
          Value padded = ops.concat(0, Dim.symbol(ids.dim(0) + "+1"), dy, zeroRow);
          Value spread =
              graph.node(
                  "Gather",
                  new Graph.Type(a.type(), Shape.of(inverse.dim(0), inverse.dim(1), Dim.of(width))),
                  Map.of("axis", 0L),
                  padded,
                  inverse);
          sink.add(a, ops.sum(spread, 0));
        });
    return y;
  }

  Value gatherMatrices(Value a, Value ids, Value members) {
    int axis = a.rank() - 3;
    Value y =
        graph.node(
            "Gather",
            new Graph.Type(a.type(), a.shape().with(axis, ids.dim(0))),
            Map.of("axis", (long) axis),
            a,
            ids);
    tape.record(y, (dy, sink) -> sink.add(a, summed(dy, members, a.shape())));
    return y;
  }

  /**
   * Gradients of the copies of each matrix, summed as the product with a matrix of zeros and ones.
   */
  private Value summed(Value dy, Value members, Shape shape) {
    int axis = shape.rank() - 3;
    long[] lengths = new long[axis + 2];
    lengths[axis + 1] = -1;
    List<Dim> flat = new ArrayList<>(dy.shape().dims().subList(0, axis + 1));
    flat.add(Dim.symbol("matrix"));
    Value rows =
        graph.node(
            "Reshape",
            new Graph.Type(dy.type(), new Shape(flat)),
            Map.of(),
            dy,
            graph.longs(false, lengths));
    return ops.reshape(ops.matMul(members, rows), shape);
  }
}
