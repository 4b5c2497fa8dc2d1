package org.alignment4j.api.hook;

import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An immutable array of single-precision numbers in row-major order, on the Java heap: the plain
 * data of an edit. Compared by shape and content.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Values {
  private final int[] shape;
  private final float[] data;

  private Values(int[] shape, float[] data) {
    this.shape = shape;
    this.data = data;
  }

  /**
   * Returns an array.
   *
   * @param shape length of each axis, all positive; no axis for a single number
   * @param data the numbers in row-major order; copied
   * @return the array
   * @throws IllegalArgumentException when a length is not positive or the number of values differs
   *     from the shape's
   */
  public static Values of(int[] shape, float[] data) {
    long size = 1;
    for (int length : shape) {
      if (length < 1) {
        throw new IllegalArgumentException(
            "shape must have positive lengths only but was " + Arrays.toString(shape));
      }
      size = Math.multiplyExact(size, length);
    }
    if (size != data.length) {
      throw new IllegalArgumentException(
          "data must have the "
              + size
              + " numbers of shape "
              + Arrays.toString(shape)
              + " but had "
              + data.length);
    }
    return new Values(shape.clone(), data.clone());
  }

  /**
   * Returns a vector.
   *
   * @param data its coordinates, at least one; copied
   * @return the array {@code [data.length]}
   * @throws IllegalArgumentException when there is no coordinate
   */
  public static Values vector(float... data) {
    return of(new int[] {data.length}, data);
  }

  /**
   * Returns a single number.
   *
   * @param value the number
   * @return the array without axes
   */
  public static Values scalar(float value) {
    return new Values(new int[0], new float[] {value});
  }

  /**
   * Returns a copy of an ND4J array.
   *
   * @param array the array, of any data type
   * @return its numbers in single precision and row-major order
   * @throws IllegalArgumentException when it has no element or more than a Java array can hold
   */
  public static Values of(INDArray array) {
    if (array.isEmpty() || array.length() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "array must have 1 to 2^31 - 9 elements but had " + array.length());
    }
    long[] wide = array.shape();
    int[] shape = new int[wide.length];
    for (int i = 0; i < wide.length; i++) {
      shape[i] = Math.toIntExact(wide[i]);
    }
    return new Values(shape, array.dup('c').data().asFloat());
  }

  /**
   * Returns the shape.
   *
   * @return a new array with the length of each axis
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * Returns the number of axes.
   *
   * @return 0 for a single number
   */
  public int rank() {
    return shape.length;
  }

  /**
   * Returns the number of elements.
   *
   * @return at least 1
   */
  public int size() {
    return data.length;
  }

  /**
   * Returns one element.
   *
   * @param indices one index per axis
   * @return the element there
   * @throws IndexOutOfBoundsException when an index is outside
   * @throws IllegalArgumentException when there are more or fewer indices than axes
   */
  public float get(int... indices) {
    if (indices.length != shape.length) {
      throw new IllegalArgumentException(
          "indices must be one per axis (" + shape.length + ") but were " + indices.length);
    }
    int offset = 0;
    for (int i = 0; i < indices.length; i++) {
      Objects.checkIndex(indices[i], shape[i]);
      offset = offset * shape[i] + indices[i];
    }
    return data[offset];
  }

  /**
   * Returns all elements.
   *
   * @return a new array in row-major order
   */
  public float[] toArray() {
    return data.clone();
  }

  /**
   * Returns whether this array can be repeated to a shape: axes are compared from the last, and
   * each is equal or has length 1 (NumPy's rule).
   *
   * @param target the shape
   * @return true when it can
   */
  public boolean broadcastsTo(int... target) {
    if (shape.length > target.length) {
      return false;
    }
    int shift = target.length - shape.length;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] != 1 && shape[i] != target[i + shift]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Values that
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "Values" + Arrays.toString(shape);
  }
}
