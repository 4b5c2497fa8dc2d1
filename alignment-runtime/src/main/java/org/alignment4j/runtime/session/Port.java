package org.alignment4j.runtime.session;

import java.util.Arrays;

/**
 * An input or output of a model made elsewhere.
 *
 * @param name what runs feed or fetch it by
 * @param element type of its elements
 * @param shape its sizes, −1 where known only when it runs; empty for scalars and what is no tensor
 */
public record Port(String name, Element element, long[] shape) {

  /** Copies the shape. */
  public Port {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Size at an axis; −1 where known only when it runs. */
  public long size(int axis) {
    return shape[axis];
  }

  /** Type and shape, for messages. */
  @Override
  public String toString() {
    return element + Arrays.toString(shape);
  }
}
