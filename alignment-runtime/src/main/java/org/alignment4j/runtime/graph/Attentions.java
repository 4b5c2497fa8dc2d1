package org.alignment4j.runtime.graph;

import java.util.Map;

/** Attention and what hides keys from it. */
final class Attentions {

  /** What a score gets whose key is not attended. */
  static final double UNSEEN = -1e9;

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Attentions(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  /** {@link Layers#attention(Value, Value, Value, Value, double, double)}. */
  Value softmax(Value q, Value k, Value v, Value mask, double alpha, double cap) {
    Value[] saved = new Value[2];
    Value raw =
        tape.unrecorded(
            () -> {
              Value scores;
              if (cap == 0) {
                scores = ops.matMul(q, false, k, true, alpha);
              } else {
                saved[1] = ops.tanh(ops.matMul(q, false, k, true, alpha / cap));
                scores = ops.scale(saved[1], cap);
              }
              saved[0] = ops.softmax(ops.add(scores, mask));
              return ops.matMul(saved[0], v);
            });
    Value o = tape.dependent(raw, q, k, v);
    tape.record(
        o,
        (dO, sink) -> {
          Value p = saved[0];
          if (sink.needs(v)) {
            sink.add(v, ops.sumTo(ops.matMul(p, true, dO, false, 1), v.shape()));
          }
          if (sink.needs(q) || sink.needs(k)) {
            Value delta = ops.sumKeep(ops.mul(dO, o), -1);
            Value dS = ops.mul(p, ops.sub(ops.matMul(dO, false, v, true, 1), delta));
            if (cap != 0) {
              dS = ops.sub(dS, ops.mul(dS, ops.square(saved[1])));
            }
            if (sink.needs(q)) {
              sink.add(q, ops.matMul(dS, false, k, false, alpha));
            }
            if (sink.needs(k)) {
              sink.add(k, ops.sumTo(ops.matMul(dS, true, q, false, alpha), k.shape()));
            }
          }
        });
    return o;
  }

  /** {@link Layers#windowed}. */
  Value windowed(Value mask, Value positions, Value keyPositions, int window) {
    Value queries =
        ops.reshape(positions, positions.dim(0), Dim.of(1), positions.dim(1), Dim.of(1));
    Value keys =
        ops.reshape(keyPositions, keyPositions.dim(0), Dim.of(1), Dim.of(1), keyPositions.dim(1));
    Value distance =
        graph.node(
            "Sub",
            new Graph.Type(positions.type(), Shape.broadcast(queries.shape(), keys.shape())),
            Map.of(),
            queries,
            keys);
    Value far = ops.compare("GreaterOrEqual", distance, graph.longs(true, window));
    return ops.where(far, ops.constant(UNSEEN), mask);
  }
}
