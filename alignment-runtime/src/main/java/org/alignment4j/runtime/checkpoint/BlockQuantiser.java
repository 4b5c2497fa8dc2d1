package org.alignment4j.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.alignment4j.api.CheckpointException;

/** Quantises matrices in blocks by rounding to the nearest level, as {@link BlockFormat} says. */
public final class BlockQuantiser {

  private BlockQuantiser() {}

  /**
   * Quantises a matrix.
   *
   * @param weight {@code [out, in]}, or {@code [in, out]} where {@code inOut}; left as it is
   * @param inOut whether its rows are inputs
   * @param format bits and blocks
   * @return the quantised matrix, of the same name and shape
   * @throws CheckpointException if a value is not finite, or there is no native memory
   */
  public static QuantisedTensor quantise(WeightTensor weight, boolean inOut, BlockFormat format) {
    long[] shape = weight.shape();
    int out = Math.toIntExact(shape[inOut ? 1 : 0]);
    int in = Math.toIntExact(shape[inOut ? 0 : 1]);
    int blocks = Math.toIntExact(format.blocks(in));
    int count = Math.multiplyExact(out, blocks);
    FloatBuffer scales = NativeFloats.allocate(weight.name(), count);
    ByteBuffer levels = bytes(weight.name(), Math.multiplyExact(count, format.blockBytes()));
    int size = format.blockSize();
    float[] values = new float[size];
    float[] slab = new float[inOut ? Math.multiplyExact(Math.min(size, in), out) : in];
    FloatBuffer data = weight.data();
    for (int outer = 0; outer < (inOut ? blocks : out); outer++) {
      int read = inOut ? Math.min(size, in - outer * size) * out : in;
      data.get(slab, 0, read);
      for (int inner = 0; inner < (inOut ? out : blocks); inner++) {
        int block = inOut ? outer : inner;
        int row = inOut ? inner : outer;
        int n = Math.min(size, in - block * size);
        for (int i = 0; i < n; i++) {
          values[i] = inOut ? slab[i * out + row] : slab[block * size + i];
          requireFinite(values[i], weight.name(), inOut, row, block * size + i);
        }
        float scale = BlockCodec.scale(format, values, n);
        scales.put(row * blocks + block, scale);
        BlockCodec.encode(format, values, n, scale, levels, row * blocks + block);
      }
    }
    return new QuantisedTensor(weight.name(), shape, inOut, format, levels, scales);
  }

  private static void requireFinite(float value, String name, boolean inOut, int out, int in) {
    if (!Float.isFinite(value)) {
      throw new CheckpointException(
          "weights must be finite to be quantised but '"
              + name
              + "' has "
              + value
              + " at ["
              + (inOut ? in : out)
              + ", "
              + (inOut ? out : in)
              + "]; the checkpoint is damaged or its training diverged");
    }
  }

  private static ByteBuffer bytes(String name, int size) {
    try {
      return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw new CheckpointException(
          "native memory must hold the "
              + size
              + " bytes of '"
              + name
              + "' but is used up ("
              + e.getMessage()
              + "); raise -XX:MaxDirectMemorySize (default: the heap limit -Xmx)",
          e);
    }
  }
}
