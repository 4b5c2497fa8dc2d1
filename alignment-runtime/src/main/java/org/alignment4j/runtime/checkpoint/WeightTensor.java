package org.alignment4j.runtime.checkpoint;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.alignment4j.api.CheckpointException;

/**
 * One named float32 parameter in native memory.
 *
 * @param name its name in the Hugging Face checkpoint
 * @param shape its dimensions, row major
 * @param data a direct buffer in native byte order from position 0 to {@code size()}; treat as
 *     read-only. It keeps the memory behind it reachable
 */
public record WeightTensor(String name, long[] shape, FloatBuffer data) implements StoredTensor {

  public WeightTensor {
    shape = shape.clone();
    if (!data.isDirect() || data.order() != ByteOrder.nativeOrder()) {
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

  /**
   * A tensor with values of its own.
   *
   * @param values the elements, row major; copied
   * @throws IllegalArgumentException if the shape does not hold exactly these elements
   */
  public static WeightTensor of(String name, long[] shape, float[] values) {
    return new WeightTensor(
        name, shape, NativeFloats.allocate(name, values.length).put(values).rewind());
  }

  /**
   * Refuses a tensor that one Java buffer cannot address.
   *
   * @throws CheckpointException if the tensor has more than 2³¹−1 bytes as float32
   */
  static void checkAddressable(String name, long[] shape, String place) {
    long bytes = Float.BYTES;
    for (long d : shape) {
      bytes = Math.multiplyExact(bytes, d);
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new CheckpointException(
          "a tensor must have at most 2147483647 bytes as float32 but '"
              + name
              + "' "
              + Arrays.toString(shape)
              + " has "
              + bytes
              + " ("
              + place
              + "); models with larger tensors are not supported");
    }
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public WeightTensor renamed(String newName) {
    return new WeightTensor(newName, shape, data());
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
