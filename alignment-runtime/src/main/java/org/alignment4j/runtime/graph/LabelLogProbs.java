package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of labels under a linear head, each with the gradient that {@link Layers}
 * states.
 */
final class LabelLogProbs {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  LabelLogProbs(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value of(Value x, HeadMatrix head, long vocab, @Nullable Value bias, Value labels) {
    Value weight = head.weight();
    Value[] saved = new Value[1];
    Value column = ops.reshape(labels, labels.dim(0), Dim.of(1));
    Value raw =
        tape.unrecorded(
            () -> {
              Value logits = head.logits(x, 1);
              saved[0] = ops.logSoftmax(bias == null ? logits : ops.add(logits, bias));
              return ops.reshape(pick(saved[0], column), x.dim(0));
            });
    Value[] sources = Stream.of(x, weight, bias).filter(Objects::nonNull).toArray(Value[]::new);
    Value y = tape.dependent(raw, sources);
    tape.record(
        y,
        (dy, sink) -> {
          Value p = ops.softmax(saved[0]);
          Value expected = head.transposedTimes(p);
          Value difference = ops.sub(head.rows(labels), expected);
          Value g = afterLabels(ops.reshape(dy, x.dim(0), Dim.of(1)), raw);
          if (sink.needs(x)) {
            sink.add(x, ops.mul(g, difference));
          }
          if (weight != null && sink.needs(weight)) {
            Value scaled = ops.mul(g, x);
            sink.add(weight, ops.gemm(p, true, scaled, false, -1));
            sink.addRows(weight, labels, scaled);
          }
          if (bias != null && sink.needs(bias)) {
            Value chosen = ops.where(ops.compare("Equal", column, ids(vocab)), g, ops.constant(0));
            sink.add(bias, ops.sum(ops.sub(chosen, ops.mul(g, p)), 0));
          }
        });
    return y;
  }

  /**
   * A gradient that waits for the labels' log-probabilities: once those are picked, the exponential
   * takes the place of all others in memory. Emitted last, it is what ONNX Runtime runs first.
   */
  private Value afterLabels(Value gradient, Value labelLogProbs) {
    Barrier barrier = new Barrier(graph);
    return barrier.held(gradient, barrier.after(List.of(labelLogProbs)));
  }

  /** The int64 vector {@code 0 … count−1}. */
  private Value ids(long count) {
    return graph.node(
        "Range",
        new Graph.Type(ElementType.INT64, Shape.of(count)),
        Map.of(),
        graph.longs(true, 0),
        graph.longs(true, count),
        graph.longs(true, 1));
  }

  Value capped(Value x, HeadMatrix head, Value labels, double cap) {
    Value weight = head.weight();
    Value[] saved = new Value[2];
    Value column = ops.reshape(labels, labels.dim(0), Dim.of(1));
    Value raw =
        tape.unrecorded(
            () -> {
              saved[1] = ops.tanh(head.logits(x, 1 / cap));
              saved[0] = ops.logSoftmax(ops.scale(saved[1], cap));
              return ops.reshape(pick(saved[0], column), x.dim(0));
            });
    Value y = weight == null ? tape.dependent(raw, x) : tape.dependent(raw, x, weight);
    tape.record(
        y,
        (dy, sink) -> {
          Value g = ops.reshape(dy, x.dim(0), Dim.of(1));
          Value slope = ops.sub(ops.constant(1), ops.square(saved[1]));
          Value expected = ops.mul(ops.exp(saved[0]), slope);
          Value scaled = ops.mul(g, pick(slope, column));
          if (sink.needs(x)) {
            sink.add(
                x,
                ops.sub(
                    ops.mul(scaled, head.rows(labels)),
                    ops.mul(g, head.transposedTimes(expected))));
          }
          if (weight != null && sink.needs(weight)) {
            sink.add(weight, ops.gemm(expected, true, ops.mul(g, x), false, -1));
            sink.addRows(weight, labels, ops.mul(scaled, x));
          }
        });
    return y;
  }

  /** One element of each row, {@code [r, 1]}. */
  private Value pick(Value rows, Value column) {
    return graph.node(
        "GatherElements",
        new Graph.Type(rows.type(), Shape.of(rows.dim(0), Dim.of(1))),
        Map.of("axis", 1L),
        rows,
        column);
  }
}
