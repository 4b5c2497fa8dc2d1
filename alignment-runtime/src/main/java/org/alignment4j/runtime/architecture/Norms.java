package org.alignment4j.runtime.architecture;

import java.util.HashMap;
import java.util.Map;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderOptions.NormPlacement;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Emits normalisations: fused, or step by step where a hook point inside is wanted. The divisor is
 * {@code sqrt(var + ε)}, and the normalised value is taken before weight and bias.
 */
final class Norms {

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
    return config.options().norms() == NormPlacement.AFTER ? x : block(layer, part, hook, x);
  }

  /** What the MLP reads; {@code x} is the block's own stream, or an edited copy of it. */
  Value readByMlp(int layer, Value x) {
    return config.options().norms() == NormPlacement.SHARED
        ? again(layer, Part.ATTENTION_NORM, x)
        : read(layer, Part.MLP_NORM, "ln2", x);
  }

  /** What the residual connection carries past a part that reads {@code x}. */
  Value carried(int layer, Part part, Value x) {
    return config.options().norms() == NormPlacement.BEFORE_RESIDUAL ? again(layer, part, x) : x;
  }

  /** The stream after a part's output is added to it. */
  Value added(int layer, Part part, String hook, Value sum) {
    return config.options().norms() == NormPlacement.AFTER ? block(layer, part, hook, sum) : sum;
  }

  /** The norm of the token embeddings. */
  Value embedding(Value x) {
    return layers.layerNorm(
        x,
        parameters.vector(names.extra(Extra.EMBEDDING_NORM_WEIGHT), config.hiddenSize()),
        parameters.vector(names.extra(Extra.EMBEDDING_NORM_BIAS), config.hiddenSize()),
        config.normEpsilon());
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

  /** What a part of a block reads of rows {@code [n, dModel]}, passing no hook point. */
  Value readUntapped(int layer, Part part, Value rows) {
    return config.options().norms() == NormPlacement.AFTER ? rows : untapped(layer, part, rows);
  }

  /** Whether a hook point inside a normalisation is wanted. */
  boolean tapped(int layer, String hook) {
    String name = HookNames.block(layer, hook);
    return tap.wants(HookNames.scale(name)) || tap.wants(HookNames.normalized(name));
  }

  private Value untapped(int layer, Part part, Value rows) {
    Value gamma = parameters.vector(names.weight(layer, part), config.hiddenSize());
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
    Value gamma = parameters.vector(weight, d);
    boolean stepwise = tap.wants(HookNames.scale(hook)) || tap.wants(HookNames.normalized(hook));
    if (!stepwise) {
      return bias == null
          ? layers.rmsNorm(x, gamma, config.normEpsilon())
          : layers.layerNorm(x, gamma, parameters.vector(bias, d), config.normEpsilon());
    }
    Value centred = bias == null ? x : ops.sub(x, ops.meanLast(x));
    Value scale = ops.sqrt(ops.shift(ops.meanLast(ops.square(centred)), config.normEpsilon()));
    scale = layout.tapWide(HookNames.scale(hook), scale, 1);
    Value normalized = layout.tapResidual(HookNames.normalized(hook), ops.div(centred, scale));
    Value scaled = ops.mul(normalized, gamma);
    return bias == null ? scaled : ops.add(scaled, parameters.vector(bias, d));
  }
}
