package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values of rows that are generated together, in memory with room for all their tokens.
 */
final class LibtorchCache implements LibtorchAttention, AutoCloseable {

  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private long length;

  LibtorchCache(GptShape shape, long rows) {
    long headDim = shape.width() / shape.heads();
    for (int layer = 0; layer < shape.layers(); layer++) {
      keys.add(torch.zeros(rows, shape.heads(), shape.seq(), headDim));
      values.add(torch.zeros(rows, shape.heads(), shape.seq(), headDim));
    }
  }

  @Override
  public Tensor mixed(int layer, Tensor query, Tensor key, Tensor value) {
    long tokens = query.size(2);
    keys.get(layer).narrow(2, length, tokens).copy_(key);
    values.get(layer).narrow(2, length, tokens).copy_(value);
    if (length == 0) {
      return LibtorchAttention.fused(query, key, value, true);
    }
    long total = length + tokens;
    return LibtorchAttention.fused(
        query, keys.get(layer).narrow(2, 0, total), values.get(layer).narrow(2, 0, total), false);
  }

  /** Puts each row's keys and values to so many rows, one after the other. */
  void repeat(long times) {
    repeat(keys, times);
    repeat(values, times);
  }

  private static void repeat(List<Tensor> tensors, long times) {
    tensors.replaceAll(
        rows -> {
          Tensor repeated =
              torch.repeat_interleave(rows, times, new LongOptional(0), new LongOptional());
          rows.close();
          return repeated;
        });
  }

  /** Takes note of tokens that every layer has read: the prompt, then one at a time. */
  void advance(long tokens) {
    length += tokens;
  }

  @Override
  public void close() {
    keys.forEach(Tensor::close);
    values.forEach(Tensor::close);
  }
}
