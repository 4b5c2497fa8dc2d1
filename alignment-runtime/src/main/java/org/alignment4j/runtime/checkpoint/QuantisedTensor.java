package org.alignment4j.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * One named matrix quantised in blocks, in native memory. Immutable and thread-safe.
 *
 * @param name its name in the Hugging Face checkpoint
 * @param shape its dimensions there: {@code [out, in]}, or {@code [in, out]} where {@code inOut}
 * @param inOut whether the checkpoint keeps the inputs as rows
 * @param format bits and blocks
 * @param levels a direct buffer of {@code [out, blocks, blockBytes]}: one level a byte, or two, the
 *     earlier in the low half; levels beyond the last input are those of zero. Treat as read-only
 * @param scales a direct buffer in native byte order of {@code [out, blocks]}; treat as read-only
 */
public record QuantisedTensor(
    String name,
    long[] shape,
    boolean inOut,
    BlockFormat format,
    ByteBuffer levels,
    FloatBuffer scales)
    implements StoredTensor {

  /**
   * Checks that the sizes fit.
   *
   * @throws IllegalArgumentException if this is no matrix, a buffer is not direct, or one has
   *     another size
   */
  public QuantisedTensor {
    shape = shape.clone();
    if (shape.length != 2) {
      throw new IllegalArgumentException(
          "a quantised tensor must be a matrix but "
              + name
              + " has the shape "
              + Arrays.toString(shape));
    }
    if (!levels.isDirect() || !scales.isDirect() || scales.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "levels and scales of " + name + " must be direct buffers in native byte order");
    }
    long blocks = Math.multiplyExact(shape[inOut ? 1 : 0], format.blocks(shape[inOut ? 0 : 1]));
    if (levels.remaining() != blocks * format.blockBytes() || scales.remaining() != blocks) {
      throw new IllegalArgumentException(
          name
              + " must have "
              + blocks
              + " blocks of "
              + format.blockBytes()
              + " bytes but has "
              + scales.remaining()
              + " scales and "
              + levels.remaining()
              + " bytes");
    }
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** A view of the levels with a position of its own. */
  @Override
  public ByteBuffer levels() {
    return levels.duplicate().order(ByteOrder.nativeOrder());
  }

  /** A view of the scales with a position of its own. */
  @Override
  public FloatBuffer scales() {
    return scales.duplicate();
  }

  /** Width of the outputs. */
  public long out() {
    return shape[inOut ? 1 : 0];
  }

  /** Width of the inputs. */
  public long in() {
    return shape[inOut ? 0 : 1];
  }

  /** Blocks of an output. */
  public long blocks() {
    return format.blocks(in());
  }

  @Override
  public QuantisedTensor renamed(String newName) {
    return new QuantisedTensor(newName, shape, inOut, format, levels, scales);
  }

  /**
   * The values the levels stand for, as a tensor of the checkpoint's shape in memory of its own.
   *
   * @throws org.alignment4j.api.CheckpointException if there is no native memory for them, or they
   *     have more than 2³¹−1 bytes
   */
  public WeightTensor dequantised() {
    WeightTensor.checkAddressable(name, shape, "dequantised");
    int out = (int) out();
    int in = (int) in();
    FloatBuffer values = NativeFloats.allocate(name, out * in);
    int blocks = (int) blocks();
    int size = format.blockSize();
    float[] block = new float[size];
    for (int o = 0; o < out; o++) {
      for (int b = 0; b < blocks; b++) {
        BlockCodec.decode(format, levels, scales, o * blocks + b, block);
        int first = b * size;
        int count = Math.min(size, in - first);
        if (inOut) {
          for (int i = 0; i < count; i++) {
            values.put((first + i) * out + o, block[i]);
          }
        } else {
          values.put(o * in + first, block, 0, count);
        }
      }
    }
    return new WeightTensor(name, shape, values);
  }
}
