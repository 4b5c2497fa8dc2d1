package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The composites of a decoder. Each is emitted with the fewest operations ONNX Runtime needs and
 * carries its own gradient, so that no intermediate is kept or formed that the formula does not
 * need.
 */
public final class Layers {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;
  private final Normalizations normalizations;
  private final Activations activations;
  private final QuantisedProducts quantised;
  private final Rotations rotations;
  private final Attentions attentions;
  private final LabelLogProbs logProbs;

  /**
   * A normalisation's result and statistics.
   *
   * @param output {@code [n, d]}
   * @param mean {@code [n, 1]}; null of one that does not centre
   * @param inverse one over what rows are divided by, {@code [n, 1]}
   */
  public record Normalized(Value output, @Nullable Value mean, Value inverse) {}

  /** Layers that emit through the given operations. */
  public Layers(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
    this.normalizations = new Normalizations(ops);
    this.activations = new Activations(ops);
    this.quantised = new QuantisedProducts(ops);
    this.rotations = new Rotations(ops);
    this.attentions = new Attentions(ops);
    this.logProbs = new LabelLogProbs(ops);
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
    tape.record(
        y,
        (dy, sink) -> {
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
   * {@code y = x·Wᵀ + b} with a frozen quantised weight; gradient {@code dx = dy·W}, the weight
   * dequantised for it.
   *
   * @param x {@code [n, in]}
   * @param weight {@code [out, in]}
   * @param bias {@code [out]} or null
   * @return {@code [n, out]}
   */
  public Value linear(Value x, QuantisedMatrix weight, @Nullable Value bias) {
    Value y = quantised.times(x, weight);
    return bias == null ? y : ops.add(y, bias);
  }

  /**
   * A frozen quantised matrix in float32. No gradient.
   *
   * @return {@code [out, in]}
   */
  public Value dequantised(QuantisedMatrix weight) {
    return quantised.dequantised(weight);
  }

  /**
   * Rows of a frozen quantised table by their ids. No gradient.
   *
   * @param ids int64 of any shape
   * @return {@code [..., in]}
   */
  public Value embed(QuantisedMatrix table, Value ids) {
    return quantised.rows(table, ids);
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
    return layerNormWithStatistics(x, gamma, beta, epsilon).output();
  }

  /**
   * {@link #layerNorm} and what it divides by. No gradient flows through the statistics.
   *
   * @param x {@code [n, d]}
   * @param gamma {@code [d]}
   * @param beta {@code [d]}
   */
  public Normalized layerNormWithStatistics(Value x, Value gamma, Value beta, double epsilon) {
    return normalizations.layerNorm(x, gamma, beta, epsilon);
  }

  /**
   * Root-mean-square normalisation over the last axis (Zhang and Sennrich 2019): {@code y = x̂∘γ},
   * {@code x̂ = x/sqrt(mean(x²) + ε)}. Gradient {@code dx = r(d̂ − x̂·mean(d̂∘x̂))}.
   *
   * @param x {@code [n, d]}
   * @param gamma {@code [d]}
   */
  public Value rmsNorm(Value x, Value gamma, double epsilon) {
    return rmsNormWithStatistics(x, gamma, epsilon).output();
  }

  /**
   * {@link #rmsNorm} and what it divides by. No gradient flows through the statistics.
   *
   * @param x {@code [n, d]}
   * @param gamma {@code [d]}
   */
  public Normalized rmsNormWithStatistics(Value x, Value gamma, double epsilon) {
    return normalizations.rmsNorm(x, gamma, epsilon);
  }

  /**
   * GELU in its tanh form (Hendrycks and Gimpel 2016), computed as {@code x·sigmoid(x(a + b·x²))}
   * with {@code a = 2·sqrt(2/π)}, {@code b = 0.044715·a}.
   */
  public Value geluTanh(Value x) {
    return activations.geluTanh(x);
  }

  /** GELU by the error function: {@code x·Φ(x)}, gradient {@code Φ(x) + x·φ(x)}. */
  public Value geluErf(Value x) {
    return activations.geluErf(x);
  }

  /** SiLU {@code x·σ(x)}, gradient {@code σ + y(1 − σ)}. */
  public Value silu(Value x) {
    return activations.silu(x);
  }

  /**
   * Rotary position embedding (Su et al. 2021) over the first components of each head. A rotation:
   * its gradient is the rotation by the opposite angle.
   *
   * @param x {@code [batch, heads, seq, headDim]}
   * @param positions int64 {@code [batch, seq]}
   * @param cos {@code [maxPositions, rotaryDim/2]}
   * @param sin same shape
   * @param interleaved whether component {@code 2i} turns with {@code 2i + 1}, as in the paper's
   *     equation 15; otherwise {@code i} turns with {@code i + rotaryDim/2}
   */
  public Value rotary(Value x, Value positions, Value cos, Value sin, boolean interleaved) {
    return tape.composite(
        x,
        () -> rotations.rotate(x, positions, cos, sin, interleaved),
        dy -> rotations.rotate(dy, positions, cos, ops.neg(sin), interleaved));
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
    return attention(q, k, v, mask, alpha, 0);
  }

  /**
   * Attention as {@link #attention(Value, Value, Value, Value, double)}, its scores capped before
   * the mask (Gemma-2, Riviere et al. 2024, section 2): {@code S = c·T + mask, T = tanh(αQKᵀ/c)},
   * so that {@code dS} is multiplied by {@code 1 − T²}.
   *
   * @param q {@code [..., seq, headDim]}
   * @param k {@code [..., keys, headDim]}
   * @param v {@code [..., keys, headDim]}
   * @param mask broadcastable to {@code [..., seq, keys]}; 0 where attended, −1e9 where not
   * @param cap {@code c}; 0 for none
   * @return {@code [..., seq, headDim]}
   */
  public Value attention(Value q, Value k, Value v, Value mask, double alpha, double cap) {
    return attentions.softmax(q, k, v, mask, alpha, cap);
  }

  /**
   * {@code c·tanh(x/c)}: near the value where it is small, never beyond {@code ±c}.
   *
   * @param cap {@code c}; 0 for the value as it is
   */
  public Value softCap(Value x, double cap) {
    return cap == 0 ? x : ops.scale(ops.tanh(ops.scale(x, 1 / cap)), cap);
  }

  /**
   * The greatest values of each row, the others put where a softmax gives them nothing. The
   * gradient reaches the greatest alone.
   *
   * @param x {@code [n, width]}
   * @param count how many are kept; the first of equals
   * @return same shape
   */
  public Value greatest(Value x, int count) {
    Value[] kept = new Value[1];
    return tape.composite(
        x,
        () -> {
          List<Value> top = top(x, count);
          Value nothing = ops.shift(ops.scale(x, 0), Attentions.UNSEEN);
          kept[0] =
              graph.node(
                  "ScatterElements",
                  new Graph.Type(x.type(), x.shape()),
                  Map.of("axis", 1L),
                  nothing,
                  top.get(1),
                  top.get(0));
          return kept[0];
        },
        dy ->
            ops.where(
                ops.compare("Greater", kept[0], ops.constant(Attentions.UNSEEN)),
                dy,
                ops.constant(0)));
  }

  /**
   * The greatest values of each row, the greatest first and of equals the one on the left. No
   * gradient.
   *
   * @param x {@code [n, width]}
   * @param count how many, at most the width
   * @return the values and their columns, {@code [n, count]} each
   */
  public List<Value> top(Value x, int count) {
    Shape few = Shape.of(x.dim(0), Dim.of(count));
    return graph.nodes(
        "TopK",
        "",
        List.of(new Graph.Type(x.type(), few), new Graph.Type(ElementType.INT64, few)),
        Map.of("axis", -1L),
        x,
        graph.longs(false, count));
  }

  /**
   * A mask under which a query sees only the last tokens, its own included. No gradient.
   *
   * @param mask {@code [batch, 1, seq, keys]}: 0 where attended, −1e9 where not
   * @param positions of the queries, int64 {@code [batch, seq]}
   * @param keyPositions of the keys, int64 {@code [batch, keys]}
   * @param window how many tokens it sees, at least 1
   * @return {@code [batch, 1, seq, keys]}
   */
  public Value windowed(Value mask, Value positions, Value keyPositions, int window) {
    return attentions.windowed(mask, positions, keyPositions, window);
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
   * @param scale factor on the scores
   * @param window how many tokens a query sees, its own included; 0 for all
   * @param cap what the scores are capped by before the mask; 0 for none
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
      double scale,
      int window,
      double cap) {
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
            "scale", (float) scale,
            "local_window_size", window == 0 ? -1L : (long) window,
            "softcap", (float) cap),
        q,
        k,
        v,
        pastKey,
        pastValue,
        lastKey,
        totalLength);
  }

  /**
   * Log-probabilities of labels under a linear head whose logits are capped: {@code ℓ = log
   * softmax(c·T)} at the labels, {@code T = tanh(x·Wᵀ/c)}. With {@code E = P∘(1 − T²)} and {@code e
   * = 1 − T²} at the labels: {@code dx = g∘(e∘W[label] − E·W)}, {@code dW = −Eᵀ(g∘x)} plus rows
   * {@code g·e·x} at the labels.
   *
   * @param x {@code [r, d]}
   * @param head {@code [vocab, d]}
   * @param labels int64 {@code [r]}
   * @param cap {@code c}, positive
   * @return {@code [r]}
   */
  public Value cappedLinearLogProb(Value x, Value head, Value labels, double cap) {
    return logProbs.capped(x, HeadMatrix.of(ops, head), labels, cap);
  }

  /**
   * As {@link #cappedLinearLogProb(Value, Value, Value, double)}, with a frozen quantised head.
   *
   * @param x {@code [r, d]}
   * @param head {@code [vocab, d]}
   * @param labels int64 {@code [r]}
   * @param cap positive
   * @return {@code [r]}
   */
  public Value cappedLinearLogProb(Value x, QuantisedMatrix head, Value labels, double cap) {
    return logProbs.capped(x, HeadMatrix.of(ops, quantised, head), labels, cap);
  }

  /**
   * Log-probabilities of labels under a linear head: {@code ℓ = log softmax(x·Wᵀ + b)} at the
   * labels. The logits' gradient is never formed: {@code dx = g∘(W[label] − P·W)}, {@code dW =
   * −Pᵀ(g∘x)} plus rows {@code g·x} at the labels, {@code db = Σ g∘(1[label] − P)}.
   *
   * @param x {@code [r, d]}
   * @param head {@code [vocab, d]}
   * @param bias {@code [vocab]} or null
   * @param labels int64 {@code [r]}
   * @return {@code [r]}
   */
  public Value linearLogProb(Value x, Value head, @Nullable Value bias, Value labels) {
    return logProbs.of(x, HeadMatrix.of(ops, head), head.shape().size(0), bias, labels);
  }

  /**
   * As {@link #linearLogProb(Value, Value, Value, Value)}, with a frozen quantised head.
   *
   * @param x {@code [r, d]}
   * @param head {@code [vocab, d]}
   * @param bias {@code [vocab]} or null
   * @param labels int64 {@code [r]}
   * @return {@code [r]}
   */
  public Value linearLogProb(Value x, QuantisedMatrix head, @Nullable Value bias, Value labels) {
    return logProbs.of(x, HeadMatrix.of(ops, quantised, head), head.out(), bias, labels);
  }
}
