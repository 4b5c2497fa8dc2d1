package org.alignment4j.benchmarks;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** What a layer's queries attend to. */
interface LibtorchAttention {

  /**
   * Attends.
   *
   * @param layer number of the layer, from 0
   * @param query {@code [batch, heads, seq, headDim]}, as are key and value
   * @return {@code [batch, heads, seq, headDim]}
   */
  Tensor mixed(int layer, Tensor query, Tensor key, Tensor value);

  /** Every token attends to itself and those before it. */
  static LibtorchAttention causal() {
    return (layer, query, key, value) -> fused(query, key, value, true);
  }

  static Tensor fused(Tensor query, Tensor key, Tensor value, boolean causal) {
    return torch.scaled_dot_product_attention(
        query, key, value, new TensorOptional(), 0.0, causal, new DoubleOptional(), false);
  }
}
