package org.alignment4j.interp.diff;

/**
 * Rows or columns of a tensor of one or two axes.
 *
 * @param tensor its name
 * @param axis 0 for rows or the elements of a vector, 1 for columns
 * @param from the first
 * @param to the last, exclusive
 */
record TensorSlice(String tensor, int axis, int from, int to) {

  /** Gets the ends of elements that lie side by side. */
  @FunctionalInterface
  interface Run {
    void of(int start, int end);
  }

  /** Visits the elements, row major, in ascending order. */
  void forEach(long[] shape, Run run) {
    int width = shape.length == 1 ? 1 : Math.toIntExact(shape[1]);
    if (axis == 0) {
      run.of(from * width, to * width);
      return;
    }
    for (int row = 0; row < shape[0]; row++) {
      run.of(row * width + from, row * width + to);
    }
  }

  /** Number of elements. */
  long size(long[] shape) {
    long other = shape.length == 1 ? 1 : shape[1 - axis];
    return other * (to - from);
  }

  boolean isWhole(long[] shape) {
    return from == 0 && to == shape[axis];
  }
}
