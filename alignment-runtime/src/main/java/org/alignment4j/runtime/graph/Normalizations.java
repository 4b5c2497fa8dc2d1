package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Normalisations over the last axis, each with the gradient that {@link Layers} states. */
final class Normalizations {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Normalizations(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Layers.Normalized layerNorm(Value x, Value gamma, Value beta, double epsilon) {
    List<Value> out = normalize("LayerNormalization", x, gamma, beta, epsilon);
    Value y = out.get(0);
    tape.record(
        y,
        (dy, sink) -> {
          Value inverse = out.get(2);
          Value normalized = ops.mul(ops.sub(x, out.get(1)), inverse);
          Value product = ops.mul(dy, normalized);
          if (sink.needs(x)) {
            Value d = ops.mul(dy, gamma);
            Value projected = ops.mul(normalized, ops.meanLast(ops.mul(product, gamma)));
            sink.add(x, ops.mul(inverse, ops.sub(ops.sub(d, ops.meanLast(d)), projected)));
          }
          if (sink.needs(gamma)) {
            sink.add(gamma, ops.sum(product, 0));
          }
          if (sink.needs(beta)) {
            sink.add(beta, ops.sum(dy, 0));
          }
        });
    return new Layers.Normalized(y, out.get(1), out.get(2));
  }

  Layers.Normalized rmsNorm(Value x, Value gamma, double epsilon) {
    List<Value> out = normalize("SimplifiedLayerNormalization", x, gamma, null, epsilon);
    Value y = out.get(0);
    tape.record(
        y,
        (dy, sink) -> {
          Value inverse = out.get(1);
          Value normalized = ops.mul(x, inverse);
          Value product = ops.mul(dy, normalized);
          if (sink.needs(x)) {
            Value projected = ops.mul(normalized, ops.meanLast(ops.mul(product, gamma)));
            sink.add(x, ops.mul(inverse, ops.sub(ops.mul(dy, gamma), projected)));
          }
          if (sink.needs(gamma)) {
            sink.add(gamma, ops.sum(product, 0));
          }
        });
    return new Layers.Normalized(y, null, out.get(1));
  }

  /** The normalised value and its statistics: mean (layer norm only), then inverse deviation. */
  private List<Value> normalize(
      String op, Value x, Value gamma, @Nullable Value beta, double epsilon) {
    if (graph.elementary() && (beta == null || graph.real() == ElementType.DOUBLE)) {
      return normalizeByParts(x, gamma, beta, epsilon);
    }
    Graph.Type whole = new Graph.Type(x.type(), x.shape());
    Graph.Type statistic = new Graph.Type(x.type(), x.shape().with(-1, Dim.of(1)));
    return graph.nodes(
        op,
        "",
        beta == null ? List.of(whole, statistic) : List.of(whole, statistic, statistic),
        Map.of("axis", -1L, "epsilon", (float) epsilon, "stash_type", 1L),
        beta == null ? new Value[] {x, gamma} : new Value[] {x, gamma, beta});
  }

  /**
   * ONNX Runtime keeps the statistics in float32, so float64 graphs compute them here; and the
   * operator of the root mean square is ONNX Runtime's own.
   */
  private List<Value> normalizeByParts(Value x, Value gamma, @Nullable Value beta, double epsilon) {
    List<Value> parts =
        tape.unrecorded(
            () -> {
              Value mean = ops.meanLast(x);
              Value centred = beta == null ? x : ops.sub(x, mean);
              Value variance = ops.meanLast(ops.mul(centred, centred));
              Value inverse = ops.div(ops.constant(1), ops.sqrt(ops.shift(variance, epsilon)));
              Value scaled = ops.mul(ops.mul(centred, inverse), gamma);
              return beta == null
                  ? List.of(scaled, inverse)
                  : List.of(ops.add(scaled, beta), mean, inverse);
            });
    Value y =
        beta == null
            ? tape.dependent(parts.get(0), x, gamma)
            : tape.dependent(parts.get(0), x, gamma, beta);
    return beta == null ? List.of(y, parts.get(1)) : List.of(y, parts.get(1), parts.get(2));
  }
}
