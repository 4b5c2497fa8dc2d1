package org.alignment4j.runtime.graph;

import java.nio.FloatBuffer;

/**
 * A float32 parameter that an ONNX file is to hold.
 *
 * @param name of the graph input it takes the place of
 * @param shape its dimensions
 * @param data its elements from position 0 to the limit, row major; read, never written
 */
public record StoredTensor(String name, long[] shape, FloatBuffer data) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException when the data does not have as many elements as the shape
   */
  public StoredTensor {
    shape = shape.clone();
    data = data.duplicate();
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

  /** Bytes of its elements. */
  public long bytes() {
    return (long) Float.BYTES * data.limit();
  }
}
