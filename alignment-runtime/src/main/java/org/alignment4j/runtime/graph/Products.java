package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Matrix products. */
final class Products {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Products(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value matMul(Value a, boolean transA, Value b, boolean transB, double alpha) {
    Dim rows = a.dim(transA ? -1 : -2);
    Dim columns = b.dim(transB ? -2 : -1);
    Shape lead =
        Shape.broadcast(a.shape().without(-1).without(-1), b.shape().without(-1).without(-1));
    List<Dim> dims = new ArrayList<>(lead.dims());
    dims.add(rows);
    dims.add(columns);
    Graph.Type type = new Graph.Type(a.type(), new Shape(dims));
    boolean plain = !transA && !transB && alpha == 1;
    Value y =
        plain || graph.elementary() && graph.real() == ElementType.FLOAT
            ? graph.node(
                "MatMul",
                type,
                Map.of(),
                scaled(transA ? turned(a) : a, alpha),
                transB ? turned(b) : b)
            : graph.contrib(
                "FusedMatMul",
                type,
                Map.of(
                    "transA", transA ? 1L : 0L,
                    "transB", transB ? 1L : 0L,
                    "alpha", (float) alpha),
                a,
                b);
    tape.record(
        y,
        (dy, sink) -> {
          if (sink.needs(a)) {
            Value da =
                transA ? matMul(b, transB, dy, true, alpha) : matMul(dy, false, b, !transB, alpha);
            ops.reduceInto(sink, a, da);
          }
          if (sink.needs(b)) {
            Value db =
                transB ? matMul(dy, true, a, transA, alpha) : matMul(a, !transA, dy, false, alpha);
            ops.reduceInto(sink, b, db);
          }
        });
    return y;
  }

  /** The last two axes exchanged; not recorded. */
  private Value turned(Value a) {
    long[] perm = LongStream.range(0, a.rank()).toArray();
    perm[perm.length - 1] = perm.length - 2;
    perm[perm.length - 2] = perm.length - 1;
    Shape shape = a.shape().with(-1, a.dim(-2)).with(-2, a.dim(-1));
    return graph.node("Transpose", new Graph.Type(a.type(), shape), Map.of("perm", perm), a);
  }

  /** A multiple; not recorded. */
  private Value scaled(Value a, double alpha) {
    return alpha == 1
        ? a
        : graph.node("Mul", new Graph.Type(a.type(), a.shape()), Map.of(), a, ops.constant(alpha));
  }

  /** {@code alpha · op(A) op(B)} of two matrices through the dense kernel; not recorded. */
  Value gemm(Value a, boolean transA, Value b, boolean transB, double alpha) {
    Shape shape = Shape.of(a.dim(transA ? 1 : 0), b.dim(transB ? 0 : 1));
    return graph.node(
        "Gemm",
        new Graph.Type(a.type(), shape),
        Map.of(
            "transA", transA ? 1L : 0L,
            "transB", transB ? 1L : 0L,
            "alpha", (float) alpha),
        a,
        b);
  }
}
