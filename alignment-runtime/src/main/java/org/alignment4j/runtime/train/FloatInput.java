package org.alignment4j.runtime.train;

import org.apiguardian.api.API;

/**
 * Values of a real input that an {@link Objective} declared.
 *
 * @param data the elements, row major; treat as read-only
 * @param shape the dimensions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FloatInput(float[] data, long... shape) {

  public FloatInput {
    shape = shape.clone();
    long size = 1;
    for (long d : shape) {
      size *= d;
    }
    if (size != data.length) {
      throw new IllegalArgumentException(
          "data must hold "
              + size
              + " elements for shape "
              + java.util.Arrays.toString(shape)
              + " but holds "
              + data.length);
    }
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }
}
