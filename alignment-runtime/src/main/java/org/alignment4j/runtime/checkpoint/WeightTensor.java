package org.alignment4j.runtime.checkpoint;

import java.nio.FloatBuffer;

/**
 * One named float32 parameter in native memory.
 *
 * @param name its name in the Hugging Face checkpoint
 * @param shape its dimensions, row major
 * @param data a direct buffer in native byte order from position 0 to {@code size()}; treat as
 *     read-only. It keeps the memory behind it reachable
 */
public record WeightTensor(String name, long[] shape, FloatBuffer data) {

  public WeightTensor {
    shape = shape.clone();
    if (!data.isDirect() || data.order() != java.nio.ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          "data of " + name + " must be a direct buffer in native byte order");
    }
    long size = 1;
    for (long d : shape) {
      size = Math.multiplyExact(size, d);
    }
    if (data.position() != 0 || data.limit() != size) {
      throw new IllegalArgumentException(
          "data of " + name + " must hold " + size + " floats but holds " + data.remaining());
    }
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** A view of the data with a position of its own. */
  @Override
  public FloatBuffer data() {
    return data.duplicate();
  }

  /** Number of elements. */
  public int size() {
    return data.limit();
  }
}
