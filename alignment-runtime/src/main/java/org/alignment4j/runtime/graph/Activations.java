package org.alignment4j.runtime.graph;

import java.util.Map;

/** The nonlinearities of decoders, each with the gradient that {@link Layers} states. */
final class Activations {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Activations(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value geluTanh(Value x) {
    if (!x.requiresGrad()) {
      return gelu(x, "tanh");
    }
    double a = 2 * Math.sqrt(2 / Math.PI);
    double b = 0.044715 * a;
    Value[] saved = new Value[2];
    return tape.composite(
        x,
        () -> {
          saved[0] = ops.mul(x, x);
          saved[1] = ops.sigmoid(ops.mul(x, ops.shift(ops.scale(saved[0], b), a)));
          return ops.mul(x, saved[1]);
        },
        dy -> {
          Value s = saved[1];
          Value slope =
              ops.mul(
                  ops.mul(x, ops.mul(s, ops.sub(ops.constant(1), s))),
                  ops.shift(ops.scale(saved[0], 3 * b), a));
          return ops.mul(dy, ops.add(s, slope));
        });
  }

  /** In one operation, where no gradient needs the parts. */
  private Value gelu(Value x, String approximation) {
    return graph.node(
        "Gelu", new Graph.Type(x.type(), x.shape()), Map.of("approximate", approximation), x);
  }

  Value geluErf(Value x) {
    if (!x.requiresGrad() && graph.real() == ElementType.FLOAT) {
      return gelu(x, "none");
    }
    Value[] saved = new Value[1];
    return tape.composite(
        x,
        () -> {
          saved[0] = normalCdf(x);
          return ops.mul(x, saved[0]);
        },
        dy -> {
          Value density =
              ops.scale(ops.exp(ops.scale(ops.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
          return ops.mul(dy, ops.add(saved[0], ops.mul(x, density)));
        });
  }

  private Value normalCdf(Value x) {
    Value argument = ops.scale(x, Math.sqrt(0.5));
    Value erf = graph.node("Erf", new Graph.Type(x.type(), x.shape()), Map.of(), argument);
    return ops.scale(ops.shift(erf, 1), 0.5);
  }

  Value silu(Value x) {
    if (!x.requiresGrad() && !graph.elementary()) {
      return graph.contrib(
          "QuickGelu", new Graph.Type(x.type(), x.shape()), Map.of("alpha", 1f), x);
    }
    Value[] saved = new Value[2];
    return tape.composite(
        x,
        () -> {
          saved[0] = ops.sigmoid(x);
          saved[1] = ops.mul(x, saved[0]);
          return saved[1];
        },
        dy ->
            ops.mul(dy, ops.add(saved[0], ops.mul(saved[1], ops.sub(ops.constant(1), saved[0])))));
  }
}
