package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The same elements in another shape, order or number of pieces. */
final class Layouts {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Layouts(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value reshape(Value a, Shape shape) {
    if (a.shape().equals(shape)) {
      return a;
    }
    Value y =
        graph.node(
            "Reshape", new Graph.Type(a.type(), shape), Map.of(), a, graph.shapeVector(shape));
    graph.reshaped(y, a);
    tape.record(y, (dy, sink) -> sink.add(a, reshape(dy, a.shape())));
    return y;
  }

  Value transpose(Value a, int... perm) {
    long[] p = new long[perm.length];
    int[] inverse = new int[perm.length];
    for (int i = 0; i < perm.length; i++) {
      p[i] = perm[i];
      inverse[perm[i]] = i;
    }
    Value y =
        graph.node(
            "Transpose", new Graph.Type(a.type(), a.shape().permute(perm)), Map.of("perm", p), a);
    tape.record(y, (dy, sink) -> sink.add(a, transpose(dy, inverse)));
    return y;
  }

  Value expand(Value a, Shape shape) {
    if (a.shape().equals(shape)) {
      return a;
    }
    Value y =
        graph.node("Expand", new Graph.Type(a.type(), shape), Map.of(), a, graph.exactShape(shape));
    tape.record(y, (dy, sink) -> ops.reduceInto(sink, a, dy));
    return y;
  }

  List<Value> split(Value a, int axis, long... sizes) {
    int at = axis < 0 ? axis + a.rank() : axis;
    List<Graph.Type> types = new ArrayList<>();
    for (long s : sizes) {
      types.add(new Graph.Type(a.type(), a.shape().with(at, Dim.of(s))));
    }
    List<Value> parts =
        graph.nodes("Split", "", types, Map.of("axis", (long) at), a, graph.longs(false, sizes));
    tape.record(
        parts,
        (dys, sink) -> {
          Value[] pieces = new Value[sizes.length];
          for (int i = 0; i < pieces.length; i++) {
            Value dy = dys.get(i);
            pieces[i] = dy != null ? dy : expand(ops.constant(0), parts.get(i).shape());
          }
          sink.add(a, concat(at, a.dim(at), pieces));
        });
    return parts;
  }

  List<Value> splitBy(Value a, int axis, Value sizes, Dim... dims) {
    int at = axis < 0 ? axis + a.rank() : axis;
    List<Graph.Type> types = new ArrayList<>();
    for (Dim dim : dims) {
      types.add(new Graph.Type(a.type(), a.shape().with(at, dim)));
    }
    List<Value> parts = graph.nodes("Split", "", types, Map.of("axis", (long) at), a, sizes);
    tape.record(
        parts,
        (dys, sink) -> {
          Value[] pieces = new Value[dims.length];
          for (int i = 0; i < pieces.length; i++) {
            Value dy = dys.get(i);
            pieces[i] = dy != null ? dy : ops.scale(parts.get(i), 0);
          }
          sink.add(a, joined(at, a.dim(at), pieces));
        });
    return parts;
  }

  Value concatBy(int axis, Dim total, Value sizes, Value... parts) {
    int at = axis < 0 ? axis + parts[0].rank() : axis;
    Value y = joined(at, total, parts);
    tape.record(
        y,
        (dy, sink) -> {
          Dim[] dims = new Dim[parts.length];
          Arrays.setAll(dims, i -> parts[i].dim(at));
          List<Value> pieces = splitBy(dy, at, sizes, dims);
          for (int i = 0; i < parts.length; i++) {
            sink.add(parts[i], pieces.get(i));
          }
        });
    return y;
  }

  private Value joined(int axis, Dim total, Value... parts) {
    return graph.node(
        "Concat",
        new Graph.Type(parts[0].type(), parts[0].shape().with(axis, total)),
        Map.of("axis", (long) axis),
        parts);
  }

  Value concat(int axis, Dim total, Value... parts) {
    int at = axis < 0 ? axis + parts[0].rank() : axis;
    Value y = joined(at, total, parts);
    tape.record(
        y,
        (dy, sink) -> {
          long[] sizes = new long[parts.length];
          for (int i = 0; i < sizes.length; i++) {
            sizes[i] = parts[i].shape().size(at);
          }
          List<Value> pieces = split(dy, at, sizes);
          for (int i = 0; i < sizes.length; i++) {
            sink.add(parts[i], pieces.get(i));
          }
        });
    return y;
  }
}
