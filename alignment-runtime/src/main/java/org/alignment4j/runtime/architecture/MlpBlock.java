package org.alignment4j.runtime.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/** Emits the feed-forward network of a block: plain, gated, or a mixture of experts. */
final class MlpBlock {

  private final Ops ops;
  private final Layers layers;
  private final DecoderConfig config;
  private final ParameterNames names;
  private final Parameters parameters;
  private final Layout layout;

  MlpBlock(Ops ops, Architecture architecture, Parameters parameters, Layout layout) {
    this.ops = ops;
    this.layers = new Layers(ops);
    this.config = architecture.config();
    this.names = architecture.names();
    this.parameters = parameters;
    this.layout = layout;
  }

  /**
   * Emits it.
   *
   * @param residual the residual stream, {@code [batch·seq, dModel]}
   * @return what it adds to the stream, same shape
   */
  Value emit(int layer, Value residual, Norms norms) {
    Value in = layout.tapResidual(HookNames.block(layer, "hook_mlp_in"), residual);
    Value x = norms.readByMlp(layer, in);
    Variations.Experts experts = config.variations().experts();
    Value out = experts == null ? single(layer, x) : experts(layer, x, experts);
    return layout.tapResidual(
        HookNames.block(layer, "hook_mlp_out"), norms.after(layer, Part.MLP_OUT_NORM, out));
  }

  private Value single(int layer, Value x) {
    long d = config.hiddenSize();
    long m = config.intermediateSize();
    Value post;
    if (config.gatedMlp()) {
      List<Value> gateUp = gateUp(layer, x);
      Value gate = layout.tapWide(HookNames.block(layer, "mlp.hook_pre"), gateUp.get(0), m);
      Value up = layout.tapWide(HookNames.block(layer, "mlp.hook_pre_linear"), gateUp.get(1), m);
      post = ops.mul(activation(gate), up);
    } else {
      Value up = project(layer, Part.UP, x, m);
      post = activation(layout.tapWide(HookNames.block(layer, "mlp.hook_pre"), up, m));
    }
    post = layout.tapWide(HookNames.block(layer, "mlp.hook_post"), post, m);
    return parameters.linear(post, names.weight(layer, Part.DOWN), bias(layer, Part.DOWN), m, d);
  }

  /**
   * Every expert on every token, weighted: those that a token does not choose weigh exactly
   * nothing.
   */
  private Value experts(int layer, Value x, Variations.Experts experts) {
    long d = config.hiddenSize();
    long m = config.intermediateSize();
    int n = experts.count();
    Value router = parameters.linear(x, names.weight(layer, Part.ROUTER), null, d, n);
    Value shares = ops.softmax(layers.greatest(router, experts.perToken()));
    long[] ones = new long[n];
    Arrays.fill(ones, 1);
    List<Value> share = ops.split(shares, -1, ones);
    Value sum = null;
    for (int e = 0; e < n; e++) {
      Value gate = parameters.linear(x, names.weight(layer, Part.GATE, e), null, d, m);
      Value up = parameters.linear(x, names.weight(layer, Part.UP, e), null, d, m);
      Value post = ops.mul(activation(gate), up);
      Value out = parameters.linear(post, names.weight(layer, Part.DOWN, e), null, m, d);
      Value part = ops.mul(out, share.get(e));
      sum = sum == null ? part : ops.add(sum, part);
    }
    return Objects.requireNonNull(sum);
  }

  private List<Value> gateUp(int layer, Value x) {
    long m = config.intermediateSize();
    if (config.variations().fusedGateUp()) {
      return ops.split(project(layer, Part.GATE_UP, x, 2 * m), -1, m, m);
    }
    return List.of(project(layer, Part.GATE, x, m), project(layer, Part.UP, x, m));
  }

  private Value project(int layer, Part part, Value x, long width) {
    return parameters.linear(
        x, names.weight(layer, part), bias(layer, part), config.hiddenSize(), width);
  }

  private @Nullable String bias(int layer, Part part) {
    return config.mlpBias() ? names.bias(layer, part) : null;
  }

  private Value activation(Value x) {
    return switch (config.activation()) {
      case GELU_TANH -> layers.geluTanh(x);
      case GELU_ERF -> layers.geluErf(x);
      case SILU -> layers.silu(x);
      case RELU -> ops.relu(x);
    };
  }
}
