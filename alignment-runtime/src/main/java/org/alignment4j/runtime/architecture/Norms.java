package org.alignment4j.runtime.architecture;

import java.util.HashMap;
import java.util.Map;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Emits normalisations: fused, or step by step where a hook point inside is changed. The divisor is
 * {@code sqrt(var + ε)}, and the normalised value is taken before weight and bias.
 */
final class Norms {

  private static final Dim HEADS = Dim.symbol("heads");

  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final ParameterNames names;
  private final Parameters parameters;
  private final Layout layout;
  private final Tap tap;
  private final Map<Source, Value> emitted = new HashMap<>();

  /** A norm by its weight, and what it reads. */
  private record Source(String weight, Value x) {}

  Norms(Ops ops, Architecture architecture, Parameters parameters, Layout layout, Tap tap) {
    this.ops = ops;
    this.layers = new Layers(ops);
    this.config = architecture.config();
    this.names = architecture.names();
    this.parameters = parameters;
    this.layout = layout;
    this.tap = tap;
  }

  /** What a part of a block reads of a stream {@code [batch·seq, dModel]}. */
  Value read(int layer, Part part, String hook, Value x) {
    return config.variations().normBefore() ? block(layer, part, hook, x) : x;
  }

  /** What the MLP reads; {@code x} is the block's own stream, or an edited copy of it. */
  Value readByMlp(int layer, Value x) {
    return placed(NormPlacement.SHARED)
        ? again(layer, Part.ATTENTION_NORM, x)
        : read(layer, Part.MLP_NORM, "ln2", x);
  }

  /** What a part of a block reads of rows {@code [n, dModel]}, passing no hook point. */
  Value readUntapped(int layer, Part part, Value rows) {
    return config.variations().normBefore() ? untapped(layer, part, rows) : rows;
  }

  /** The norm of what attention or MLP adds, {@code [n, dModel]}, in models that have one there. */
  Value after(int layer, Part part, Value rows) {
    return config.variations().normAfter() ? untapped(layer, part, rows) : rows;
  }

  /** What the residual connection carries past a part that reads {@code x}. */
  Value carried(int layer, Part part, Value x) {
    return placed(NormPlacement.BEFORE_RESIDUAL) ? again(layer, part, x) : x;
  }

  /** The stream after a part's output is added to it. */
  Value added(int layer, Part part, String hook, Value sum) {
    return placed(NormPlacement.AFTER_SUM) ? block(layer, part, hook, sum) : sum;
  }

  /** The norm of the token embeddings. */
  Value embedding(Value x) {
    return layers.layerNorm(
        x,
        gain(names.extra(Extra.EMBEDDING_NORM_WEIGHT), config.hiddenSize()),
        parameters.vector(names.extra(Extra.EMBEDDING_NORM_BIAS), config.hiddenSize()),
        config.normEpsilon());
  }

  /**
   * The norm of queries or keys by their root mean square.
   *
   * @param heads {@code [batch, heads, seq, headDim]}
   */
  Value heads(int layer, Part part, Value heads) {
    String weight = names.weight(layer, part);
    long width = config.headDim();
    return switch (config.variations().headNorm()) {
      case NONE -> heads;
      case EACH ->
          ops.reshape(rms(ops.reshape(heads, HEADS, Dim.of(width)), weight, width), heads.shape());
      case ALL -> {
        long all = heads.shape().size(1) * width;
        Value byToken = ops.transpose(heads, 0, 2, 1, 3);
        Value normed = rms(ops.reshape(byToken, Layout.FLAT, Dim.of(all)), weight, all);
        yield ops.transpose(ops.reshape(normed, byToken.shape()), 0, 2, 1, 3);
      }
    };
  }

  /** Whether a hook point inside a normalisation is wanted. */
  boolean tapped(int layer, String hook) {
    String name = HookNames.block(layer, hook);
    return tap.wants(HookNames.scale(name)) || tap.wants(HookNames.normalized(name));
  }

  private boolean placed(NormPlacement placement) {
    return config.variations().normPlacement() == placement;
  }

  /** The norm that a hook point shows, passing it once. */
  private Value block(int layer, Part part, String hook, Value x) {
    String weight = names.weight(layer, part);
    Source source = new Source(weight, x);
    Value present = emitted.get(source);
    if (present == null) {
      String bias = config.norm() == Norm.LAYER_NORM ? names.bias(layer, part) : null;
      present = emit(HookNames.block(layer, hook), x, weight, bias);
      emitted.put(source, present);
    }
    return present;
  }

  /** A norm that was emitted for the same stream, or else one that passes no hook point. */
  private Value again(int layer, Part part, Value x) {
    Value present = emitted.get(new Source(names.weight(layer, part), x));
    return present == null ? untapped(layer, part, x) : present;
  }

  private Value rms(Value rows, String weight, long width) {
    return layers.rmsNorm(rows, gain(weight, width), config.normEpsilon());
  }

  private Value gain(String weight, long width) {
    Value stored = parameters.vector(weight, width);
    return config.variations().unitOffsetNorm() ? ops.shift(stored, 1) : stored;
  }

  private Value untapped(int layer, Part part, Value rows) {
    Value gamma = gain(names.weight(layer, part), config.hiddenSize());
    return config.norm() == Norm.LAYER_NORM
        ? layers.layerNorm(
            rows,
            gamma,
            parameters.vector(names.bias(layer, part), config.hiddenSize()),
            config.normEpsilon())
        : layers.rmsNorm(rows, gamma, config.normEpsilon());
  }

  Value emit(String hook, Value x, String weight, @Nullable String bias) {
    long d = config.hiddenSize();
    Value gamma = gain(weight, d);
    boolean edited = tap.edits(HookNames.scale(hook)) || tap.edits(HookNames.normalized(hook));
    if (!edited) {
      Layers.Normalized fused =
          bias == null
              ? layers.rmsNormWithStatistics(x, gamma, config.normEpsilon())
              : layers.layerNormWithStatistics(
                  x, gamma, parameters.vector(bias, d), config.normEpsilon());
      show(hook, x, fused);
      return fused.output();
    }
    Value centred = bias == null ? x : ops.sub(x, ops.meanLast(x));
    Value scale = ops.sqrt(ops.shift(ops.meanLast(ops.square(centred)), config.normEpsilon()));
    scale = layout.tapWide(HookNames.scale(hook), scale, 1);
    Value normalized = layout.tapResidual(HookNames.normalized(hook), ops.div(centred, scale));
    Value scaled = ops.mul(normalized, gamma);
    return bias == null ? scaled : ops.add(scaled, parameters.vector(bias, d));
  }

  /** Passes the hook points inside a fused norm, where they are only read. */
  private void show(String hook, Value x, Layers.Normalized fused) {
    if (tap.wants(HookNames.scale(hook))) {
      layout.tapWide(HookNames.scale(hook), ops.div(ops.constant(1), fused.inverse()), 1);
    }
    if (tap.wants(HookNames.normalized(hook))) {
      Value mean = fused.mean();
      Value centred = mean == null ? x : ops.sub(x, mean);
      layout.tapResidual(HookNames.normalized(hook), ops.mul(centred, fused.inverse()));
    }
  }
}
