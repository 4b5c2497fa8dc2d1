package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The composites of a decoder. Each is emitted with the fewest operations ONNX Runtime needs and
 * carries its own gradient, so that no intermediate is kept or formed that the formula does not
 * need.
 */
public final class Layers {

  private final Graph graph;
  private final Ops ops;

  /** Layers that emit through the given operations. */
  public Layers(Ops ops) {
    this.ops = ops;
    this.graph = ops.graph();
  }

  /**
   * {@code y = x·W + b}.
   *
   * @param x {@code [n, in]}
   * @param weight {@code [in, out]}, or {@code [out, in]} when {@code transposed}
   * @param bias {@code [out]} or null
   * @param transposed whether the weight is stored as {@code [out, in]}
   * @return {@code [n, out]}
   */
  public Value linear(Value x, Value weight, @Nullable Value bias, boolean transposed) {
    Dim out = weight.dim(transposed ? 0 : 1);
    Value y =
        graph.node(
            "Gemm",
            new Graph.Type(x.type(), Shape.of(x.dim(0), out)),
            Map.of("transB", transposed ? 1L : 0L),
            bias == null ? new Value[] {x, weight} : new Value[] {x, weight, bias});
    graph.record(
        List.of(y),
        (dys, sink) -> {
          Value dy = Objects.requireNonNull(dys.get(0));
          if (sink.needs(x)) {
            sink.add(x, ops.gemm(dy, false, weight, !transposed, 1));
          }
          if (sink.needs(weight)) {
            sink.add(
                weight,
                transposed ? ops.gemm(dy, true, x, false, 1) : ops.gemm(x, true, dy, false, 1));
          }
          if (bias != null && sink.needs(bias)) {
            sink.add(bias, ops.sum(dy, 0));
          }
        });
    return y;
  }

  /**
   * Layer normalisation over the last axis (Ba et al. 2016): {@code y = x̂∘γ + β}, {@code x̂ = (x −
   * μ)/sqrt(σ² + ε)}. Gradient {@code dx = σ⁻¹(d̂ − mean(d̂) − x̂·mean(d̂∘x̂))} with {@code d̂ =
   * dy∘γ}.
   *
   * @param x {@code [n, d]}
   * @param gamma {@code [d]}
   * @param beta {@code [d]}
   */
  public Value layerNorm(Value x, Value gamma, Value beta, double epsilon) {
    List<Value> out = normalize("LayerNormalization", x, gamma, beta, epsilon);
    Value y = out.get(0);
    graph.record(
        List.of(y),
        (dys, sink) -> {
          Value dy = Objects.requireNonNull(dys.get(0));
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
    return y;
  }

  /**
   * Root-mean-square normalisation over the last axis (Zhang and Sennrich 2019): {@code y = x̂∘γ},
   * {@code x̂ = x/sqrt(mean(x²) + ε)}. Gradient {@code dx = r(d̂ − x̂·mean(d̂∘x̂))}.
   *
   * @param x {@code [n, d]}
   * @param gamma {@code [d]}
   */
  public Value rmsNorm(Value x, Value gamma, double epsilon) {
    List<Value> out = normalize("SimplifiedLayerNormalization", x, gamma, null, epsilon);
    Value y = out.get(0);
    graph.record(
        List.of(y),
        (dys, sink) -> {
          Value dy = Objects.requireNonNull(dys.get(0));
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
    return y;
  }

  /** The normalised value and its statistics: mean (layer norm only), then inverse deviation. */
  private List<Value> normalize(
      String op, Value x, Value gamma, @Nullable Value beta, double epsilon) {
    if (graph.real() == ElementType.DOUBLE) {
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

  /** ONNX Runtime keeps the statistics in float32, so float64 graphs compute them here. */
  private List<Value> normalizeByParts(Value x, Value gamma, @Nullable Value beta, double epsilon) {
    List<Value> parts =
        graph.unrecorded(
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
            ? ops.gradFrom(parts.get(0), x, gamma)
            : ops.gradFrom(parts.get(0), x, gamma, beta);
    return beta == null ? List.of(y, parts.get(1)) : List.of(y, parts.get(1), parts.get(2));
  }

  /**
   * GELU in its tanh form (Hendrycks and Gimpel 2016), computed as {@code x·sigmoid(x(a + b·x²))}
   * with {@code a = 2·sqrt(2/π)}, {@code b = 0.044715·a}.
   */
  public Value geluTanh(Value x) {
    double a = 2 * Math.sqrt(2 / Math.PI);
    double b = 0.044715 * a;
    Value[] saved = new Value[2];
    return ops.composite(
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

  /** GELU by the error function: {@code x·Φ(x)}, gradient {@code Φ(x) + x·φ(x)}. */
  public Value geluErf(Value x) {
    Value[] saved = new Value[1];
    return ops.composite(
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

  /** SiLU {@code x·σ(x)}, gradient {@code σ + y(1 − σ)}. */
  public Value silu(Value x) {
    Value[] saved = new Value[2];
    return ops.composite(
        x,
        () -> {
          saved[0] = ops.sigmoid(x);
          saved[1] = ops.mul(x, saved[0]);
          return saved[1];
        },
        dy ->
            ops.mul(dy, ops.add(saved[0], ops.mul(saved[1], ops.sub(ops.constant(1), saved[0])))));
  }

  /**
   * Rotary position embedding (Su et al. 2021), half-split form over the first components of each
   * head. A rotation: its gradient is the rotation by the opposite angle.
   *
   * @param x {@code [batch, heads, seq, headDim]}
   * @param positions int64 {@code [batch, seq]}
   * @param cos {@code [maxPositions, rotaryDim/2]}
   * @param sin same shape
   */
  public Value rotary(Value x, Value positions, Value cos, Value sin) {
    return ops.composite(
        x, () -> rotate(x, positions, cos, sin), dy -> rotate(dy, positions, cos, ops.neg(sin)));
  }

  private Value rotate(Value x, Value positions, Value cos, Value sin) {
    long half = cos.shape().size(1);
    long headDim = x.shape().size(-1);
    if (graph.real() == ElementType.FLOAT) {
      long partial = 2 * half == headDim ? 0 : 2 * half;
      Map<String, Object> attributes =
          partial == 0
              ? Map.of("interleaved", 0L)
              : Map.of(
                  "interleaved",
                  0L,
                  "rotary_embedding_dim",
                  partial,
                  "num_heads",
                  x.shape().size(1));
      return graph.contrib(
          "RotaryEmbedding",
          new Graph.Type(x.type(), x.shape()),
          attributes,
          x,
          positions,
          cos,
          sin);
    }
    Shape angles = Shape.of(x.dim(0), Dim.of(1), x.dim(2), Dim.of(half));
    Value c = ops.reshape(ops.embed(cos, positions), angles);
    Value s = ops.reshape(ops.embed(sin, positions), angles);
    List<Value> parts =
        2 * half == headDim
            ? ops.split(x, -1, half, half)
            : ops.split(x, -1, half, half, headDim - 2 * half);
    Value first = ops.sub(ops.mul(parts.get(0), c), ops.mul(parts.get(1), s));
    Value second = ops.add(ops.mul(parts.get(1), c), ops.mul(parts.get(0), s));
    return parts.size() == 2
        ? ops.concat(-1, Dim.of(headDim), first, second)
        : ops.concat(-1, Dim.of(headDim), first, second, parts.get(2));
  }

  /**
   * Scaled dot-product attention (Vaswani et al. 2017) with an additive mask: {@code S = αQKᵀ +
   * mask, P = softmax S, O = PV}. Leading axes broadcast, so grouped keys and values carry a 1
   * where queries carry the group.
   *
   * <p>Gradient: {@code dV = PᵀdO, dS = P∘(dO·Vᵀ − rowsum(dO∘O)), dQ = α·dS·K, dK = α·dSᵀ·Q}.
   *
   * @param q {@code [..., seq, headDim]}
   * @param k {@code [..., keys, headDim]}
   * @param v {@code [..., keys, headDim]}
   * @param mask broadcastable to {@code [..., seq, keys]}; 0 where attended, −1e9 where not
   * @return {@code [..., seq, headDim]}
   */
  public Value attention(Value q, Value k, Value v, Value mask, double alpha) {
    Value[] saved = new Value[1];
    Value raw =
        graph.unrecorded(
            () -> {
              Value scores = ops.add(ops.matMul(q, false, k, true, alpha), mask);
              saved[0] = ops.softmax(scores);
              return ops.matMul(saved[0], v);
            });
    Value o = ops.gradFrom(raw, q, k, v);
    graph.record(
        List.of(o),
        (dys, sink) -> {
          Value dO = Objects.requireNonNull(dys.get(0));
          Value p = saved[0];
          if (sink.needs(v)) {
            sink.add(v, ops.sumTo(ops.matMul(p, true, dO, false, 1), v.shape()));
          }
          if (sink.needs(q) || sink.needs(k)) {
            Value delta = ops.sumKeep(ops.mul(dO, o), -1);
            Value dS = ops.mul(p, ops.sub(ops.matMul(dO, false, v, true, 1), delta));
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

  /**
   * Causal attention by ONNX Runtime's grouped-query kernel; past and present keys and values may
   * share one buffer. No gradient.
   *
   * @param q {@code [batch, seq, heads·headDim]}, already rotated
   * @param k {@code [batch, seq, kvHeads·headDim]}, already rotated
   * @param v {@code [batch, seq, kvHeads·headDim]}
   * @param pastKey {@code [batch, kvHeads, capacity, headDim]}
   * @param pastValue same shape
   * @param lastKey int32 {@code [batch]}: index of each row's last valid key after this run
   * @param totalLength int32 scalar: the longest row after this run
   * @return attention output {@code [batch, seq, heads·headDim]}, present keys, present values
   */
  public List<Value> groupedQueryAttention(
      Value q,
      Value k,
      Value v,
      Value pastKey,
      Value pastValue,
      Value lastKey,
      Value totalLength,
      int heads,
      int kvHeads,
      double scale) {
    return graph.nodes(
        "GroupQueryAttention",
        "com.microsoft",
        List.of(
            new Graph.Type(q.type(), q.shape()),
            new Graph.Type(k.type(), pastKey.shape()),
            new Graph.Type(v.type(), pastValue.shape())),
        Map.of(
            "num_heads", (long) heads,
            "kv_num_heads", (long) kvHeads,
            "scale", (float) scale),
        q,
        k,
        v,
        pastKey,
        pastValue,
        lastKey,
        totalLength);
  }

  /**
   * Log-probabilities of labels under a linear head: {@code ℓ = log softmax(x·Wᵀ)} at the labels.
   * The logits' gradient is never formed: {@code dx = g∘(W[label] − P·W)}, {@code dW = −Pᵀ(g∘x)}
   * plus rows {@code g·x} at the labels.
   *
   * @param x {@code [r, d]}
   * @param head {@code [vocab, d]}
   * @param labels int64 {@code [r]}
   * @return {@code [r]}
   */
  public Value linearLogProb(Value x, Value head, Value labels) {
    Value[] saved = new Value[1];
    Value raw =
        graph.unrecorded(
            () -> {
              saved[0] = ops.logSoftmax(ops.gemm(x, false, head, true, 1));
              Value column = ops.reshape(labels, labels.dim(0), Dim.of(1));
              Value picked =
                  graph.node(
                      "GatherElements",
                      new Graph.Type(x.type(), Shape.of(x.dim(0), Dim.of(1))),
                      Map.of("axis", 1L),
                      saved[0],
                      column);
              return ops.reshape(picked, x.dim(0));
            });
    Value y = ops.gradFrom(raw, x, head);
    graph.record(
        List.of(y),
        (dys, sink) -> {
          Value g = ops.reshape(Objects.requireNonNull(dys.get(0)), x.dim(0), Dim.of(1));
          Value p = ops.exp(saved[0]);
          if (sink.needs(x)) {
            Value expected = ops.gemm(p, false, head, false, 1);
            sink.add(x, ops.mul(g, ops.sub(ops.embed(head, labels), expected)));
          }
          if (sink.needs(head)) {
            Value scaled = ops.mul(g, x);
            sink.add(head, ops.gemm(p, true, scaled, false, -1));
            sink.addRows(head, labels, scaled);
          }
        });
    return y;
  }
}
