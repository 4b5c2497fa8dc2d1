package org.alignment4j.runtime.architecture;

import java.util.List;
import java.util.stream.Stream;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * The residual stream as each attention head reads it. Where it is only read, it is the stream
 * repeated; where it is edited, every head normalises and projects its own copy.
 */
final class HeadInputs {

  private static final String ATTN_IN = "hook_attn_in";
  private static final String Q_INPUT = "hook_q_input";
  private static final String K_INPUT = "hook_k_input";
  private static final String V_INPUT = "hook_v_input";
  private static final Dim COPIES = Dim.symbol("copies");

  private final Ops ops;
  private final DecoderConfig config;
  private final ParameterNames names;
  private final Parameters parameters;
  private final Tap tap;

  HeadInputs(Ops ops, Architecture architecture, Parameters parameters, Tap tap) {
    this.ops = ops;
    this.config = architecture.config();
    this.names = architecture.names();
    this.parameters = parameters;
    this.tap = tap;
  }

  /** Whether heads of a block must project copies of their own. */
  boolean edited(int layer) {
    return Stream.of(ATTN_IN, Q_INPUT, K_INPUT, V_INPUT)
        .anyMatch(point -> tap.edits(HookNames.block(layer, point)));
  }

  /** Shows the copies of a block that edits none. */
  void read(int layer, Value residual) {
    for (String point : List.of(ATTN_IN, Q_INPUT, K_INPUT, V_INPUT)) {
      String hook = HookNames.block(layer, point);
      if (tap.wants(hook)) {
        boolean keyValue = point.equals(K_INPUT) || point.equals(V_INPUT);
        tap.at(hook, copies(residual, keyValue ? config.kvHeads() : config.heads()));
      }
    }
  }

  /** Queries, keys and values from edited copies. */
  Heads project(int layer, Value residual, Norms norms) {
    if (norms.tapped(layer, "ln1")) {
      // The heads' copies have norms of their own; the hook points show that of the shared stream.
      norms.read(layer, Part.ATTENTION_NORM, "ln1", residual);
    }
    Value shared = tapped(layer, ATTN_IN, copies(residual, config.heads()));
    boolean split = tap.wants(HookNames.block(layer, ATTN_IN));
    Value keyValue = split ? shared : copies(residual, config.kvHeads());
    List<Value> weights = weights(layer);
    List<Value> biases = config.qkvBias() ? biases(layer) : List.of();
    return new Heads(
        projected(layer, tapped(layer, Q_INPUT, shared), norms, weights, biases, 0),
        projected(layer, tapped(layer, K_INPUT, keyValue), norms, weights, biases, 1),
        projected(layer, tapped(layer, V_INPUT, keyValue), norms, weights, biases, 2));
  }

  private Value tapped(int layer, String point, Value value) {
    String hook = HookNames.block(layer, point);
    return tap.wants(hook) ? tap.at(hook, value) : value;
  }

  /** {@code [batch·seq, dModel]} repeated to {@code [batch, seq, heads, dModel]}. */
  private Value copies(Value residual, int heads) {
    Dim d = Dim.of(config.hiddenSize());
    Value one = ops.reshape(residual, Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(1), d));
    return ops.expand(one, Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(heads), d));
  }

  private Value projected(
      int layer, Value copies, Norms norms, List<Value> weights, List<Value> biases, int which) {
    Dim heads = copies.dim(2);
    Dim d = Dim.of(config.hiddenSize());
    Dim width = Dim.of(config.headDim());
    Value rows = norms.readUntapped(layer, Part.ATTENTION_NORM, ops.reshape(copies, COPIES, d));
    Value byHead = ops.transpose(ops.reshape(rows, Layout.FLAT, heads, d), 1, 0, 2);
    Value y = ops.matMul(byHead, weights.get(which));
    if (!biases.isEmpty()) {
      y = ops.add(y, biases.get(which));
    }
    Value view =
        ops.reshape(ops.transpose(y, 1, 0, 2), Shape.of(Layout.BATCH, Layout.SEQ, heads, width));
    return ops.transpose(view, 0, 2, 1, 3);
  }

  /** The projections of queries, keys and values, each {@code [heads, dModel, headDim]}. */
  private List<Value> weights(int layer) {
    long d = config.hiddenSize();
    long e = config.headDim();
    long h = config.heads();
    boolean inOut = config.linear() == LinearLayout.IN_OUT;
    if (config.qkv() == QkvArrangement.SEPARATE) {
      return Stream.of(Part.QUERY, Part.KEY, Part.VALUE)
          .map(
              part -> {
                long heads = part == Part.QUERY ? h : config.kvHeads();
                Value w = parameters.effectiveWeight(names.weight(layer, part), d, heads * e);
                return inOut
                    ? ops.transpose(ops.reshape(w, Shape.of(d, heads, e)), 1, 0, 2)
                    : ops.transpose(ops.reshape(w, Shape.of(heads, e, d)), 0, 2, 1);
              })
          .toList();
    }
    if (config.qkv() == QkvArrangement.FUSED_BLOCKS) {
      long k = config.kvHeads();
      Value w = parameters.effectiveWeight(names.weight(layer, Part.QKV), d, (h + 2 * k) * e);
      return ops.split(w, inOut ? 1 : 0, h * e, k * e, k * e).stream()
          .map(
              part -> {
                long heads = part.shape().size(inOut ? 1 : 0) / e;
                return inOut
                    ? ops.transpose(ops.reshape(part, Shape.of(d, heads, e)), 1, 0, 2)
                    : ops.transpose(ops.reshape(part, Shape.of(heads, e, d)), 0, 2, 1);
              })
          .toList();
    }
    Value w = parameters.effectiveWeight(names.weight(layer, Part.QKV), d, 3 * d);
    Value parts;
    if (config.qkv() == QkvArrangement.FUSED_THIRDS) {
      parts =
          inOut
              ? ops.transpose(ops.reshape(w, Shape.of(d, 3, h, e)), 1, 2, 0, 3)
              : ops.transpose(ops.reshape(w, Shape.of(3, h, e, d)), 0, 1, 3, 2);
    } else {
      parts =
          inOut
              ? ops.transpose(ops.reshape(w, Shape.of(d, h, 3, e)), 2, 1, 0, 3)
              : ops.transpose(ops.reshape(w, Shape.of(h, 3, e, d)), 1, 0, 3, 2);
    }
    return ops.split(parts, 0, 1, 1, 1).stream()
        .map(part -> ops.reshape(part, Shape.of(h, d, e)))
        .toList();
  }

  /** The biases of queries, keys and values, each {@code [heads, 1, headDim]}. */
  private List<Value> biases(int layer) {
    long e = config.headDim();
    long h = config.heads();
    if (config.qkv() == QkvArrangement.SEPARATE) {
      return Stream.of(Part.QUERY, Part.KEY, Part.VALUE)
          .map(
              part -> {
                long heads = part == Part.QUERY ? h : config.kvHeads();
                Value b = parameters.vector(names.bias(layer, part), heads * e);
                return ops.reshape(b, Shape.of(heads, 1, e));
              })
          .toList();
    }
    if (config.qkv() == QkvArrangement.FUSED_BLOCKS) {
      long k = config.kvHeads();
      Value b = parameters.vector(names.bias(layer, Part.QKV), (h + 2 * k) * e);
      return ops.split(b, 0, h * e, k * e, k * e).stream()
          .map(part -> ops.reshape(part, Shape.of(part.shape().size(0) / e, 1, e)))
          .toList();
    }
    Value b = parameters.vector(names.bias(layer, Part.QKV), 3 * h * e);
    Value parts =
        config.qkv() == QkvArrangement.FUSED_THIRDS
            ? ops.reshape(b, Shape.of(3, h, e))
            : ops.transpose(ops.reshape(b, Shape.of(h, 3, e)), 1, 0, 2);
    return ops.split(parts, 0, 1, 1, 1).stream()
        .map(part -> ops.reshape(part, Shape.of(h, 1, e)))
        .toList();
  }
}
