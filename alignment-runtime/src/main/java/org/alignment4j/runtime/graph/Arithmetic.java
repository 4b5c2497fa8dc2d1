package org.alignment4j.runtime.graph;

import java.util.Map;

/** Arithmetic, comparison and choice of two values, with NumPy broadcasting. */
final class Arithmetic {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Arithmetic(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value add(Value a, Value b) {
    Value y = binary("Add", a, b);
    tape.record(
        y,
        (dy, sink) -> {
          ops.reduceInto(sink, a, dy);
          ops.reduceInto(sink, b, dy);
        });
    return y;
  }

  Value sub(Value a, Value b) {
    Value y = binary("Sub", a, b);
    tape.record(
        y,
        (dy, sink) -> {
          ops.reduceInto(sink, a, dy);
          if (sink.needs(b)) {
            ops.reduceInto(sink, b, ops.neg(dy));
          }
        });
    return y;
  }

  Value mul(Value a, Value b) {
    Value y = binary("Mul", a, b);
    tape.record(
        y,
        (dy, sink) -> {
          if (sink.needs(a)) {
            ops.reduceInto(sink, a, mul(dy, b));
          }
          if (sink.needs(b)) {
            ops.reduceInto(sink, b, mul(dy, a));
          }
        });
    return y;
  }

  Value div(Value a, Value b) {
    Value y = binary("Div", a, b);
    tape.record(
        y,
        (dy, sink) -> {
          if (sink.needs(a)) {
            ops.reduceInto(sink, a, div(dy, b));
          }
          if (sink.needs(b)) {
            ops.reduceInto(sink, b, ops.neg(div(mul(dy, y), b)));
          }
        });
    return y;
  }

  Value watched(Value a) {
    Value same = graph.node("Identity", new Graph.Type(a.type(), a.shape()), Map.of(), a);
    Value y = new Value(same.name(), same.type(), same.shape(), true);
    tape.record(y, (dy, sink) -> sink.add(a, dy));
    return y;
  }

  Value scale(Value a, double s) {
    return mul(a, ops.constant(s));
  }

  Value shift(Value a, double s) {
    return add(a, ops.constant(s));
  }

  Value min(Value a, Value b) {
    return select("Min", a, b, "LessOrEqual");
  }

  Value max(Value a, Value b) {
    return select("Max", a, b, "GreaterOrEqual");
  }

  private Value select(String op, Value a, Value b, String comparison) {
    Value y = binary(op, a, b);
    tape.record(
        y,
        (dy, sink) -> {
          Value first = compare(comparison, a, b);
          Value zero = ops.constant(0);
          if (sink.needs(a)) {
            ops.reduceInto(sink, a, where(first, dy, zero));
          }
          if (sink.needs(b)) {
            ops.reduceInto(sink, b, where(first, zero, dy));
          }
        });
    return y;
  }

  Value clamp(Value a, double low, double high) {
    return min(max(a, ops.constant(low)), ops.constant(high));
  }

  Value where(Value condition, Value a, Value b) {
    Shape shape = Shape.broadcast(condition.shape(), Shape.broadcast(a.shape(), b.shape()));
    Value y = graph.node("Where", new Graph.Type(a.type(), shape), Map.of(), condition, a, b);
    tape.record(
        y,
        (dy, sink) -> {
          Value zero = ops.constant(0);
          if (sink.needs(a)) {
            ops.reduceInto(sink, a, where(condition, dy, zero));
          }
          if (sink.needs(b)) {
            ops.reduceInto(sink, b, where(condition, zero, dy));
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
}
