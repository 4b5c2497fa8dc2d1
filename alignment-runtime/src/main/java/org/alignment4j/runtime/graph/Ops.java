package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Elementary differentiable operations with NumPy broadcasting. Losses are written with these;
 * {@link Layers} has the composites of a decoder.
 */
public final class Ops {

  private final Graph graph;

  /** Operations that emit into the given graph. */
  public Ops(Graph graph) {
    this.graph = graph;
  }

  /** The graph these operations emit into. */
  public Graph graph() {
    return graph;
  }

  /** A real scalar constant. */
  public Value constant(double value) {
    return graph.constant(Shape.scalar(), value);
  }

  /** A real vector constant. */
  public Value vector(double... values) {
    return graph.constant(Shape.of(values.length), values);
  }

  // Arithmetic

  /** {@code a + b}. */
  public Value add(Value a, Value b) {
    Value y = binary("Add", a, b);
    record(
        y,
        (dy, sink) -> {
          reduceInto(sink, a, dy);
          reduceInto(sink, b, dy);
        });
    return y;
  }

  /** {@code a − b}. */
  public Value sub(Value a, Value b) {
    Value y = binary("Sub", a, b);
    record(
        y,
        (dy, sink) -> {
          reduceInto(sink, a, dy);
          if (sink.needs(b)) {
            reduceInto(sink, b, neg(dy));
          }
        });
    return y;
  }

  /** {@code a · b}, elementwise. */
  public Value mul(Value a, Value b) {
    Value y = binary("Mul", a, b);
    record(
        y,
        (dy, sink) -> {
          if (sink.needs(a)) {
            reduceInto(sink, a, mul(dy, b));
          }
          if (sink.needs(b)) {
            reduceInto(sink, b, mul(dy, a));
          }
        });
    return y;
  }

  /** {@code a / b}, elementwise. */
  public Value div(Value a, Value b) {
    Value y = binary("Div", a, b);
    record(
        y,
        (dy, sink) -> {
          if (sink.needs(a)) {
            reduceInto(sink, a, div(dy, b));
          }
          if (sink.needs(b)) {
            reduceInto(sink, b, neg(div(mul(dy, y), b)));
          }
        });
    return y;
  }

  /** {@code a · s} for a constant factor. */
  public Value scale(Value a, double s) {
    return mul(a, constant(s));
  }

  /** {@code a + s} for a constant offset. */
  public Value shift(Value a, double s) {
    return add(a, constant(s));
  }

  /** The smaller of two values; at a tie the gradient goes to {@code a}. */
  public Value min(Value a, Value b) {
    return select("Min", a, b, "LessOrEqual");
  }

  /** The larger of two values; at a tie the gradient goes to {@code a}. */
  public Value max(Value a, Value b) {
    return select("Max", a, b, "GreaterOrEqual");
  }

  private Value select(String op, Value a, Value b, String comparison) {
    Value y = binary(op, a, b);
    record(
        y,
        (dy, sink) -> {
          Value first = compare(comparison, a, b);
          Value zero = constant(0);
          if (sink.needs(a)) {
            reduceInto(sink, a, where(first, dy, zero));
          }
          if (sink.needs(b)) {
            reduceInto(sink, b, where(first, zero, dy));
          }
        });
    return y;
  }

  /** {@code min(max(a, low), high)}; no gradient outside the interval. */
  public Value clamp(Value a, double low, double high) {
    return min(max(a, constant(low)), constant(high));
  }

  /** {@code condition ? a : b}, elementwise; {@code condition} is boolean. */
  public Value where(Value condition, Value a, Value b) {
    Shape shape = Shape.broadcast(condition.shape(), Shape.broadcast(a.shape(), b.shape()));
    Value y = graph.node("Where", new Graph.Type(a.type(), shape), Map.of(), condition, a, b);
    record(
        y,
        (dy, sink) -> {
          Value zero = constant(0);
          if (sink.needs(a)) {
            reduceInto(sink, a, where(condition, dy, zero));
          }
          if (sink.needs(b)) {
            reduceInto(sink, b, where(condition, zero, dy));
          }
        });
    return y;
  }

  /** A boolean comparison: {@code Less}, {@code LessOrEqual}, {@code Greater}, {@code Equal}… */
  Value compare(String op, Value a, Value b) {
    return graph.node(
        op,
        new Graph.Type(ElementType.BOOL, Shape.broadcast(a.shape(), b.shape())),
        Map.of(),
        a,
        b);
  }

  private Value binary(String op, Value a, Value b) {
    return graph.node(
        op, new Graph.Type(a.type(), Shape.broadcast(a.shape(), b.shape())), Map.of(), a, b);
  }

  // Functions of one value

  /** {@code −a}. */
  public Value neg(Value a) {
    return unary("Neg", a, y -> dy -> neg(dy));
  }

  /** {@code exp(a)}. */
  public Value exp(Value a) {
    return unary("Exp", a, y -> dy -> mul(dy, y));
  }

  /** {@code log(a)}. */
  public Value log(Value a) {
    return unary("Log", a, y -> dy -> div(dy, a));
  }

  /** {@code sqrt(a)}. */
  public Value sqrt(Value a) {
    return unary("Sqrt", a, y -> dy -> div(scale(dy, 0.5), y));
  }

  /** {@code tanh(a)}. */
  public Value tanh(Value a) {
    return unary("Tanh", a, y -> dy -> sub(dy, mul(dy, mul(y, y))));
  }

  /** {@code 1/(1+exp(−a))}. */
  public Value sigmoid(Value a) {
    return unary("Sigmoid", a, y -> dy -> mul(dy, mul(y, sub(constant(1), y))));
  }

  /** {@code max(a, 0)}; the gradient at 0 is 0. */
  public Value relu(Value a) {
    return unary("Relu", a, y -> dy -> where(compare("Greater", a, constant(0)), dy, constant(0)));
  }

  /** {@code |a|}; the gradient at 0 is 0. */
  public Value abs(Value a) {
    return unary("Abs", a, y -> dy -> mul(dy, sign(a)));
  }

  private Value sign(Value a) {
    return graph.node("Sign", new Graph.Type(a.type(), a.shape()), Map.of(), a);
  }

  /** {@code a²}. */
  public Value square(Value a) {
    return mul(a, a);
  }

  /**
   * {@code log(sigmoid(a)) = min(a, 0) − log(1 + exp(−|a|))}, finite for every finite {@code a},
   * with gradient {@code sigmoid(−a)} everywhere.
   */
  public Value logSigmoid(Value a) {
    return composite(
        a,
        () -> {
          Value tail = log(shift(exp(neg(abs(a))), 1));
          return sub(min(a, constant(0)), tail);
        },
        dy -> mul(dy, sigmoid(neg(a))));
  }

  private Value unary(String op, Value a, Function<Value, Function<Value, Value>> backward) {
    Value y = graph.node(op, new Graph.Type(a.type(), a.shape()), Map.of(), a);
    record(y, (dy, sink) -> sink.add(a, backward.apply(y).apply(dy)));
    return y;
  }

  /** A function of one value, emitted without a tape and given a gradient of its own. */
  Value composite(
      Value a, java.util.function.Supplier<Value> forward, Function<Value, Value> backward) {
    Value raw = graph.unrecorded(forward);
    Value y = gradFrom(raw, a);
    record(y, (dy, sink) -> sink.add(a, backward.apply(dy)));
    return y;
  }

  /** The same value, marked as depending on whatever any of the sources depends on. */
  Value gradFrom(Value raw, Value... sources) {
    boolean grad = false;
    for (Value s : sources) {
      grad |= s.requiresGrad();
    }
    return new Value(raw.name(), raw.type(), raw.shape(), grad && graph.recording());
  }

  // Reductions

  /** Sum over axes; the axes disappear. */
  public Value sum(Value a, int... axes) {
    return reduce("ReduceSum", a, false, axes);
  }

  /** Sum over axes that stay with size 1. */
  public Value sumKeep(Value a, int... axes) {
    return reduce("ReduceSum", a, true, axes);
  }

  /** Sum over everything. */
  public Value sumAll(Value a) {
    int[] axes = new int[a.rank()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    return a.rank() == 0 ? a : sum(a, axes);
  }

  /** Mean over the last axis, which stays with size 1; its size must be known. */
  public Value meanLast(Value a) {
    return scale(sumKeep(a, -1), 1.0 / a.shape().size(-1));
  }

  private Value reduce(String op, Value a, boolean keep, int... axes) {
    long[] sorted = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      sorted[i] = axes[i] < 0 ? axes[i] + a.rank() : axes[i];
    }
    java.util.Arrays.sort(sorted);
    List<Dim> kept = new ArrayList<>();
    List<Dim> ones = new ArrayList<>();
    for (int i = 0; i < a.rank(); i++) {
      boolean reduced = java.util.Arrays.binarySearch(sorted, i) >= 0;
      ones.add(reduced ? Dim.of(1) : a.dim(i));
      if (!reduced) {
        kept.add(a.dim(i));
      }
    }
    Shape withOnes = new Shape(ones);
    Value y =
        graph.node(
            op,
            new Graph.Type(a.type(), keep ? withOnes : new Shape(kept)),
            Map.of("keepdims", keep ? 1L : 0L),
            a,
            graph.longs(false, sorted));
    record(y, (dy, sink) -> sink.add(a, expand(keep ? dy : reshape(dy, withOnes), a.shape())));
    return y;
  }

  // Shape

  /** The same elements under another shape. */
  public Value reshape(Value a, Shape shape) {
    if (a.shape().equals(shape)) {
      return a;
    }
    Value y =
        graph.node(
            "Reshape", new Graph.Type(a.type(), shape), Map.of(), a, graph.shapeVector(shape));
    record(y, (dy, sink) -> sink.add(a, reshape(dy, a.shape())));
    return y;
  }

  /** The same elements under another shape. */
  public Value reshape(Value a, Dim... dims) {
    return reshape(a, Shape.of(dims));
  }

  /** Axes reordered: axis {@code i} of the result is axis {@code perm[i]} of the operand. */
  public Value transpose(Value a, int... perm) {
    long[] p = new long[perm.length];
    int[] inverse = new int[perm.length];
    for (int i = 0; i < perm.length; i++) {
      p[i] = perm[i];
      inverse[perm[i]] = i;
    }
    Value y =
        graph.node(
            "Transpose", new Graph.Type(a.type(), a.shape().permute(perm)), Map.of("perm", p), a);
    record(y, (dy, sink) -> sink.add(a, transpose(dy, inverse)));
    return y;
  }

  /** A value repeated along its axes of size 1. */
  public Value expand(Value a, Shape shape) {
    if (a.shape().equals(shape)) {
      return a;
    }
    Value y =
        graph.node("Expand", new Graph.Type(a.type(), shape), Map.of(), a, graph.exactShape(shape));
    record(y, (dy, sink) -> reduceInto(sink, a, dy));
    return y;
  }

  /** Equal or unequal parts along an axis, in order. */
  public List<Value> split(Value a, int axis, long... sizes) {
    int at = axis < 0 ? axis + a.rank() : axis;
    List<Graph.Type> types = new ArrayList<>();
    for (long s : sizes) {
      types.add(new Graph.Type(a.type(), a.shape().with(at, Dim.of(s))));
    }
    List<Value> parts =
        graph.nodes("Split", "", types, Map.of("axis", (long) at), a, graph.longs(false, sizes));
    graph.record(
        parts,
        (dys, sink) -> {
          Value[] pieces = new Value[sizes.length];
          for (int i = 0; i < pieces.length; i++) {
            Value dy = dys.get(i);
            pieces[i] = dy != null ? dy : expand(constant(0), parts.get(i).shape());
          }
          sink.add(a, concat(at, a.dim(at), pieces));
        });
    return parts;
  }

  /** Parts joined along an axis whose total size is given. */
  public Value concat(int axis, Dim total, Value... parts) {
    int at = axis < 0 ? axis + parts[0].rank() : axis;
    Value y =
        graph.node(
            "Concat",
            new Graph.Type(parts[0].type(), parts[0].shape().with(at, total)),
            Map.of("axis", (long) at),
            parts);
    record(
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

  // Products, softmax, gathers

  /** Batched matrix product with broadcasting of the leading axes. */
  public Value matMul(Value a, Value b) {
    return matMul(a, false, b, false, 1);
  }

  /** {@code alpha · op(A) op(B)} over the last two axes, {@code op} transposing where asked. */
  public Value matMul(Value a, boolean transA, Value b, boolean transB, double alpha) {
    Dim rows = a.dim(transA ? -1 : -2);
    Dim columns = b.dim(transB ? -2 : -1);
    Shape lead =
        Shape.broadcast(a.shape().without(-1).without(-1), b.shape().without(-1).without(-1));
    List<Dim> dims = new ArrayList<>(lead.dims());
    dims.add(rows);
    dims.add(columns);
    Graph.Type type = new Graph.Type(a.type(), new Shape(dims));
    Value y =
        !transA && !transB && alpha == 1
            ? graph.node("MatMul", type, Map.of(), a, b)
            : graph.contrib(
                "FusedMatMul",
                type,
                Map.of(
                    "transA", transA ? 1L : 0L,
                    "transB", transB ? 1L : 0L,
                    "alpha", (float) alpha),
                a,
                b);
    record(
        y,
        (dy, sink) -> {
          if (sink.needs(a)) {
            Value da =
                transA ? matMul(b, transB, dy, true, alpha) : matMul(dy, false, b, !transB, alpha);
            reduceInto(sink, a, da);
          }
          if (sink.needs(b)) {
            Value db =
                transB ? matMul(dy, true, a, transA, alpha) : matMul(a, !transA, dy, false, alpha);
            reduceInto(sink, b, db);
          }
        });
    return y;
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

  /** Softmax over the last axis. */
  public Value softmax(Value a) {
    Value y = graph.node("Softmax", new Graph.Type(a.type(), a.shape()), Map.of("axis", -1L), a);
    record(
        y,
        (dy, sink) -> {
          Value t = mul(dy, y);
          sink.add(a, sub(t, mul(y, sumKeep(t, -1))));
        });
    return y;
  }

  /** Logarithm of the softmax over the last axis. */
  public Value logSoftmax(Value a) {
    Value y = graph.node("LogSoftmax", new Graph.Type(a.type(), a.shape()), Map.of("axis", -1L), a);
    record(y, (dy, sink) -> sink.add(a, sub(dy, mul(exp(y), sumKeep(dy, -1)))));
    return y;
  }

  /**
   * Rows of a parameter table. Its gradient leaves the graph as a {@link RowGradient}.
   *
   * @param table {@code [rows, width]}, an input of the graph
   * @param ids int64 of any shape
   * @return {@code ids.shape + [width]}
   */
  public Value embed(Value table, Value ids) {
    List<Dim> dims = new ArrayList<>(ids.shape().dims());
    dims.add(table.dim(1));
    Value y =
        graph.node(
            "Gather",
            new Graph.Type(table.type(), new Shape(dims)),
            Map.of("axis", 0L),
            table,
            ids);
    record(y, (dy, sink) -> sink.addRows(table, ids, dy));
    return y;
  }

  /**
   * Rows of a computed matrix, each perhaps several times.
   *
   * <p>The backward pass gathers too, because scattering with repeated ids races on the CPU: {@code
   * inverse[k][i]} names the k-th output row that reads row {@code i}, or the number of output rows
   * where there is none.
   *
   * @param a {@code [n, width]}
   * @param ids int64 {@code [r]}
   * @param inverse int64 {@code [k, n]}
   * @return {@code [r, width]}
   */
  public Value gatherRows(Value a, Value ids, Value inverse) {
    Value y =
        graph.node(
            "Gather",
            new Graph.Type(a.type(), Shape.of(ids.dim(0), a.dim(1))),
            Map.of("axis", 0L),
            a,
            ids);
    record(
        y,
        (dy, sink) -> {
          long width = a.shape().size(1);
          Value zeroRow = expand(constant(0), Shape.of(1, width));
          Value padded = concat(0, Dim.symbol(ids.dim(0) + "+1"), dy, zeroRow);
          Value spread =
              graph.node(
                  "Gather",
                  new Graph.Type(a.type(), Shape.of(inverse.dim(0), inverse.dim(1), Dim.of(width))),
                  Map.of("axis", 0L),
                  padded,
                  inverse);
          sink.add(a, sum(spread, 0));
        });
    return y;
  }

  /** A gradient summed over the axes along which its target was broadcast. */
  Value sumTo(Value dy, Shape target) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < dy.rank(); i++) {
      if (target.dim(i).isOne() && !dy.dim(i).isOne()) {
        axes.add(i);
      }
    }
    return axes.isEmpty() ? dy : sumKeep(dy, axes.stream().mapToInt(Integer::intValue).toArray());
  }

  private interface SingleVjp {
    void apply(Value dy, GradientSink sink);
  }

  private void record(Value y, SingleVjp vjp) {
    graph.record(
        List.of(y), (dys, sink) -> vjp.apply(java.util.Objects.requireNonNull(dys.get(0)), sink));
  }

  /** Adds a gradient to a value that was broadcast, summed over the broadcast axes. */
  private void reduceInto(GradientSink sink, Value target, Value dy) {
    if (!sink.needs(target)) {
      return;
    }
    int extra = dy.rank() - target.rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < dy.rank(); i++) {
      if (i < extra || (target.dim(i - extra).isOne() && !dy.dim(i).isOne())) {
        axes.add(i);
      }
    }
    Value reduced =
        axes.isEmpty() ? dy : sumKeep(dy, axes.stream().mapToInt(Integer::intValue).toArray());
    // A gradient may be narrower than its target where a scalar upstream gradient was broadcast.
    Value shaped = reduced;
    if (extra > 0) {
      shaped = reshape(reduced, target.shape());
    } else if (!reduced.shape().equals(target.shape())) {
      shaped = expand(reduced, target.shape());
    }
    sink.add(target, shaped);
  }
}
