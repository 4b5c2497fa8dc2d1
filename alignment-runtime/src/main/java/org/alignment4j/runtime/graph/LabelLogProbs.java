package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of labels under a linear head, each with the gradient that {@link Layers}
 * states. A loss may depend on the logits besides, by {@link HeadDistribution}: their gradient
 * joins that of the labels, so that each matrix product is made once.
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

  /** What a head was applied to. */
  private record Applied(Value x, HeadMatrix head, Value labels, @Nullable Value bias) {

    Value[] sources() {
      return Stream.of(x, head.weight(), bias).filter(Objects::nonNull).toArray(Value[]::new);
    }
  }

  /** Its logits, their log-softmax, and the labels' part of that, {@code [r]}. */
  private record Given(Value logits, Value logProbs, Value ofLabels) {}

  Value of(Value x, HeadMatrix head, long vocab, @Nullable Value bias, Value labels) {
    Applied applied = new Applied(x, head, labels, bias);
    Value column = column(labels);
    Given given =
        tape.unrecorded(
            () -> {
              Value product = head.logits(x, 1);
              Value logits = bias == null ? product : ops.add(product, bias);
              return given(logits, column, x.dim(0));
            });
    return recorded(
        applied,
        given,
        (dy, dLogits, sink) -> {
          Value p = ops.softmax(given.logProbs());
          if (dLogits != null) {
            throughLogits(applied, given, dy, descent(p, dy, dLogits), null, vocab, sink);
            return;
          }
          Value weight = head.weight();
          Value expected = head.transposedTimes(p);
          Value difference = ops.sub(head.rows(labels), expected);
          Value g = afterLabels(column(Objects.requireNonNull(dy)), given.ofLabels());
          if (sink.needs(x)) {
            sink.add(x, ops.mul(g, difference));
          }
          if (weight != null && sink.needs(weight)) {
            Value scaled = ops.mul(g, x);
            sink.add(weight, ops.gemm(p, true, scaled, false, -1));
            sink.addRows(weight, labels, scaled);
          }
          if (bias != null && sink.needs(bias)) {
            sink.add(bias, ops.sum(ops.sub(chosen(column, vocab, g), ops.mul(g, p)), 0));
          }
        });
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
    Applied applied = new Applied(x, head, labels, null);
    Value[] saved = new Value[1];
    Value column = column(labels);
    Given given =
        tape.unrecorded(
            () -> {
              saved[0] = ops.tanh(head.logits(x, 1 / cap));
              return given(ops.scale(saved[0], cap), column, x.dim(0));
            });
    return recorded(
        applied,
        given,
        (dy, dLogits, sink) -> {
          Value slope = ops.sub(ops.constant(1), ops.square(saved[0]));
          if (dLogits != null) {
            Value p = ops.softmax(given.logProbs());
            throughLogits(applied, given, dy, descent(p, dy, dLogits), slope, 0, sink);
            return;
          }
          Value weight = head.weight();
          Value g = column(Objects.requireNonNull(dy));
          Value expected = ops.mul(ops.exp(given.logProbs()), slope);
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
  }

  private Given given(Value logits, Value column, Dim rows) {
    Value logProbs = ops.logSoftmax(logits);
    return new Given(logits, logProbs, ops.reshape(pick(logProbs, column), rows));
  }

  /** The rule of a head: gradients of its labels' log-probabilities and of its logits, if any. */
  @FunctionalInterface
  private interface HeadVjp {
    void apply(@Nullable Value dy, @Nullable Value dLogits, GradientSink sink);
  }

  private Value recorded(Applied applied, Given given, HeadVjp vjp) {
    Value y = tape.dependent(given.ofLabels(), applied.sources());
    Value logits = tape.dependent(given.logits(), applied.sources());
    tape.record(List.of(y, logits), (dys, sink) -> vjp.apply(dys.get(0), dys.get(1), sink));
    HeadDistribution.register(graph, y, logits, given.logProbs());
    return y;
  }

  /** {@code g∘p − dLogits}: the logits' negative gradient but for the labels' own part. */
  private Value descent(Value p, @Nullable Value dy, Value dLogits) {
    return dy == null ? ops.neg(dLogits) : ops.sub(ops.mul(column(dy), p), dLogits);
  }

  /**
   * The gradients of a loss that depends on the logits: {@code dx = g∘e∘W[label] − Q·W}, {@code dW
   * = −Qᵀx} plus rows {@code g·e·x} at the labels, {@code db = Σ (g∘1[label] − Q)}, with Q the
   * descent times the slope, and e the slope at the labels.
   *
   * @param slope of a cap on the logits; null for none
   */
  private void throughLogits(
      Applied applied,
      Given given,
      @Nullable Value dy,
      Value descent,
      @Nullable Value slope,
      long vocab,
      GradientSink sink) {
    Value x = applied.x();
    HeadMatrix head = applied.head();
    Value weight = head.weight();
    Value labels = applied.labels();
    Value column = column(labels);
    Value q = slope == null ? descent : ops.mul(descent, slope);
    Value g = dy == null ? null : afterLabels(column(dy), given.ofLabels());
    Value scaled = g == null || slope == null ? g : ops.mul(g, pick(slope, column));
    if (sink.needs(x)) {
      Value pushed = head.transposedTimes(q);
      sink.add(
          x,
          scaled == null ? ops.neg(pushed) : ops.sub(ops.mul(scaled, head.rows(labels)), pushed));
    }
    if (weight != null && sink.needs(weight)) {
      sink.add(weight, ops.gemm(q, true, x, false, -1));
      if (scaled != null) {
        sink.addRows(weight, labels, ops.mul(scaled, x));
      }
    }
    Value bias = applied.bias();
    if (bias != null && sink.needs(bias)) {
      sink.add(bias, ops.sum(g == null ? ops.neg(q) : ops.sub(chosen(column, vocab, g), q), 0));
    }
  }

  /** {@code g∘1[label]}, {@code [r, vocab]}. */
  private Value chosen(Value column, long vocab, Value g) {
    return ops.where(ops.compare("Equal", column, ids(vocab)), g, ops.constant(0));
  }

  private Value column(Value vector) {
    return ops.reshape(vector, vector.dim(0), Dim.of(1));
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
