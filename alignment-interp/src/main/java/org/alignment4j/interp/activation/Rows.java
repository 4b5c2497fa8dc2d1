package org.alignment4j.interp.activation;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An immutable matrix {@code [rows, width]} in single precision, such as one activation a row.
 * Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Rows {

  private final int width;
  private final float[] data;

  private Rows(int width, float[] data) {
    this.width = width;
    this.data = data;
  }

  /**
   * Returns a matrix.
   *
   * @param width numbers in a row
   * @param data the numbers, row by row; copied
   * @throws IllegalArgumentException if the width is not positive, the data are no whole rows, or a
   *     number is not finite
   */
  public static Rows of(int width, float[] data) {
    return owning(width, data.clone());
  }

  /**
   * Returns a matrix of given rows.
   *
   * @param rows at least one, all of one length; copied
   * @throws IllegalArgumentException if there is none, their lengths differ, or a number is not
   *     finite in single precision
   */
  public static Rows of(double[]... rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("rows must hold at least one row");
    }
    int width = rows[0].length;
    float[] data = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != width) {
        throw new IllegalArgumentException(
            "rows must have the same width, "
                + width
                + " as row 0, but row "
                + i
                + " has "
                + rows[i].length);
      }
      for (int j = 0; j < width; j++) {
        data[i * width + j] = (float) rows[i][j];
      }
    }
    return owning(width, data);
  }

  /** A matrix that takes the array over. */
  static Rows owning(int width, float[] data) {
    if (width < 1 || data.length % width != 0) {
      throw new IllegalArgumentException(
          "data must be whole rows of a positive width but were "
              + data.length
              + " numbers for a width of "
              + width);
    }
    for (int i = 0; i < data.length; i++) {
      if (!Float.isFinite(data[i])) {
        throw new IllegalArgumentException(
            "rows must hold finite numbers but row "
                + i / width
                + " has "
                + data[i]
                + " at "
                + i % width
                + "; leave the example out, or run the model in a form that does not overflow");
      }
    }
    return new Rows(width, data);
  }

  /**
   * Returns one matrix of the rows of several, in order.
   *
   * @param parts at least one, all of one width
   * @throws IllegalArgumentException if there is none or their widths differ
   */
  public static Rows concatenated(List<Rows> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("parts must hold at least one matrix");
    }
    int width = parts.get(0).width;
    long size = 0;
    for (Rows part : parts) {
      part.requireWidth(width);
      size += part.data.length;
    }
    float[] all = new float[Math.toIntExact(size)];
    int at = 0;
    for (Rows part : parts) {
      System.arraycopy(part.data, 0, all, at, part.data.length);
      at += part.data.length;
    }
    return new Rows(width, all);
  }

  /** Number of rows, perhaps 0. */
  public int count() {
    return data.length / width;
  }

  /** Numbers in a row. */
  public int width() {
    return width;
  }

  /**
   * One number.
   *
   * @throws IndexOutOfBoundsException if row or column is outside
   */
  public float get(int row, int column) {
    Objects.checkIndex(row, count());
    Objects.checkIndex(column, width);
    return data[row * width + column];
  }

  /**
   * A copy of one row, in double precision.
   *
   * @throws IndexOutOfBoundsException if the row is outside
   */
  public double[] row(int row) {
    double[] copy = new double[width];
    copyRow(row, copy);
    return copy;
  }

  /**
   * Copies one row.
   *
   * @param into gets the row's numbers; as long as a row
   * @throws IndexOutOfBoundsException if the row is outside or {@code into} is shorter
   */
  public void copyRow(int row, double[] into) {
    Objects.checkIndex(row, count());
    for (int j = 0; j < width; j++) {
      into[j] = data[row * width + j];
    }
  }

  /**
   * The inner product of one row and a vector, summed in double precision.
   *
   * @param vector as long as a row
   * @throws IndexOutOfBoundsException if the row is outside
   */
  public double dot(int row, double[] vector) {
    Objects.checkIndex(row, count());
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += data[row * width + j] * vector[j];
    }
    return sum;
  }

  /**
   * Some of the rows, in the order given; a row may be named more than once.
   *
   * @throws IndexOutOfBoundsException if an index is outside
   */
  public Rows select(int... indices) {
    float[] chosen = new float[Math.multiplyExact(indices.length, width)];
    for (int i = 0; i < indices.length; i++) {
      Objects.checkIndex(indices[i], count());
      System.arraycopy(data, indices[i] * width, chosen, i * width, width);
    }
    return new Rows(width, chosen);
  }

  /**
   * Some of the columns of every row, such as one head's among those of all heads.
   *
   * @param from first column
   * @param to last column, exclusive
   * @throws IndexOutOfBoundsException if the range is outside
   * @throws IllegalArgumentException if it is empty
   */
  public Rows columns(int from, int to) {
    Objects.checkFromToIndex(from, to, width);
    int narrow = to - from;
    if (narrow == 0) {
      throw new IllegalArgumentException("columns must be at least one but were none from " + from);
    }
    float[] chosen = new float[count() * narrow];
    for (int i = 0; i < count(); i++) {
      System.arraycopy(data, i * width + from, chosen, i * narrow, narrow);
    }
    return new Rows(narrow, chosen);
  }

  /** A copy of all numbers, row by row. */
  public float[] toArray() {
    return data.clone();
  }

  /**
   * Checks the width.
   *
   * @throws IllegalArgumentException if it is another
   */
  public void requireWidth(int expected) {
    if (width != expected) {
      throw new IllegalArgumentException(
          "rows must have the width "
              + expected
              + " but have "
              + width
              + "; use rows of the same hook point and model");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rows that && width == that.width && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * width + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "Rows[" + count() + ", " + width + "]";
  }
}
