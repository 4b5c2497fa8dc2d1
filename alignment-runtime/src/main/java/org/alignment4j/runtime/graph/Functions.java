package org.alignment4j.runtime.graph;

import java.util.Map;
import java.util.function.Function;

/** Functions of one value, elementwise or over its last axis. */
final class Functions {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Functions(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value neg(Value a) {
    return unary("Neg", a, y -> dy -> neg(dy));
  }

  Value exp(Value a) {
    return unary("Exp", a, y -> dy -> ops.mul(dy, y));
  }

  Value log(Value a) {
    return unary("Log", a, y -> dy -> ops.div(dy, a));
  }

  Value sqrt(Value a) {
    return unary("Sqrt", a, y -> dy -> ops.div(ops.scale(dy, 0.5), y));
  }

  Value tanh(Value a) {
    return unary("Tanh", a, y -> dy -> ops.sub(dy, ops.mul(dy, ops.mul(y, y))));
  }

  Value sigmoid(Value a) {
    return unary("Sigmoid", a, y -> dy -> ops.mul(dy, ops.mul(y, ops.sub(ops.constant(1), y))));
  }

  Value relu(Value a) {
    return unary(
        "Relu",
        a,
        y -> dy -> ops.where(ops.compare("Greater", a, ops.constant(0)), dy, ops.constant(0)));
  }

  Value abs(Value a) {
    return unary("Abs", a, y -> dy -> ops.mul(dy, sign(a)));
  }

  private Value sign(Value a) {
    return graph.node("Sign", new Graph.Type(a.type(), a.shape()), Map.of(), a);
  }

  Value square(Value a) {
    return ops.mul(a, a);
  }

  Value logSigmoid(Value a) {
    return tape.composite(
        a,
        () -> {
          Value tail = log1p(exp(neg(abs(a))));
          return ops.sub(ops.min(a, ops.constant(0)), tail);
        },
        dy -> ops.mul(dy, sigmoidOfNegative(a)));
  }

  /** {@code log(1+e)} to full relative precision for small {@code e} (Goldberg 1991, theorem 4). */
  private Value log1p(Value e) {
    Value zero = ops.constant(0);
    Value u = ops.shift(e, 1);
    Value gained = ops.shift(u, -1);
    Value lost = ops.compare("Equal", gained, zero);
    Value divisor = ops.where(lost, ops.constant(1), gained);
    return ops.where(lost, e, ops.div(ops.mul(log(u), e), divisor));
  }

  /** {@code sigmoid(−a)} without cancellation: the runtime's own is 1 minus where it is small. */
  private Value sigmoidOfNegative(Value a) {
    Value e = exp(neg(abs(a)));
    Value numerator = ops.where(ops.compare("Greater", a, ops.constant(0)), e, ops.constant(1));
    return ops.div(numerator, ops.shift(e, 1));
  }

  Value real(Value integers) {
    ElementType type = graph.real();
    return graph.node(
        "Cast",
        new Graph.Type(type, integers.shape()),
        Map.of("to", (long) type.onnxType()),
        integers);
  }

  Value shiftIds(Value ids, long offset) {
    return offset == 0
        ? ids
        : graph.node(
            "Add",
            new Graph.Type(ids.type(), ids.shape()),
            Map.of(),
            ids,
            graph.longs(true, offset));
  }

  private Value unary(String op, Value a, Function<Value, Function<Value, Value>> backward) {
    Value y = graph.node(op, new Graph.Type(a.type(), a.shape()), Map.of(), a);
    tape.record(y, (dy, sink) -> sink.add(a, backward.apply(y).apply(dy)));
    return y;
  }

  Value softmax(Value a) {
    Value y = graph.node("Softmax", new Graph.Type(a.type(), a.shape()), Map.of("axis", -1L), a);
    tape.record(
        y,
        (dy, sink) -> {
          Value t = ops.mul(dy, y);
          sink.add(a, ops.sub(t, ops.mul(y, ops.sumKeep(t, -1))));
        });
    return y;
  }

  Value logSoftmax(Value a) {
    Value y = graph.node("LogSoftmax", new Graph.Type(a.type(), a.shape()), Map.of("axis", -1L), a);
    tape.record(y, (dy, sink) -> sink.add(a, ops.sub(dy, ops.mul(exp(y), ops.sumKeep(dy, -1)))));
    return y;
  }
}
