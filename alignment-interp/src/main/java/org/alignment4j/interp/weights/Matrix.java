package org.alignment4j.interp.weights;

import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An immutable matrix in double precision. Vectors are rows, {@code [1, n]}, and go in from the
 * left: {@code x·W}. Compared by content. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Matrix {

  private final int rows;
  private final int columns;
  private final double[] data;

  /** A matrix that owns its data. */
  Matrix(int rows, int columns, double[] data) {
    this.rows = rows;
    this.columns = columns;
    this.data = data;
  }

  /** An element by its place. */
  @FunctionalInterface
  public interface Element {

    /** Returns the element of a row and a column, both from 0. */
    double at(int row, int column);
  }

  /**
   * A matrix of the given elements.
   *
   * @param rowMajor {@code rows·columns} elements, row after row; copied
   * @throws IllegalArgumentException if a size is not positive or the number of elements differs
   */
  public static Matrix of(int rows, int columns, double... rowMajor) {
    int size = size(rows, columns);
    if (rowMajor.length != size) {
      throw new IllegalArgumentException(
          "rowMajor must have "
              + size
              + " elements for a matrix ["
              + rows
              + ", "
              + columns
              + "] but had "
              + rowMajor.length);
    }
    return new Matrix(rows, columns, rowMajor.clone());
  }

  /**
   * A row vector {@code [1, n]}.
   *
   * @throws IllegalArgumentException if there is no element
   */
  public static Matrix row(double... values) {
    return of(1, values.length, values);
  }

  /**
   * A matrix of zeros.
   *
   * @throws IllegalArgumentException if a size is not positive
   */
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new double[size(rows, columns)]);
  }

  /**
   * A matrix whose elements are computed.
   *
   * @throws IllegalArgumentException if a size is not positive
   */
  public static Matrix generate(int rows, int columns, Element element) {
    double[] data = new double[size(rows, columns)];
    for (int i = 0, k = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++, k++) {
        data[k] = element.at(i, j);
      }
    }
    return new Matrix(rows, columns, data);
  }

  private static int size(int rows, int columns) {
    if (rows < 1 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a matrix must have positive sizes and at most 2^31 - 9 elements but was ["
              + rows
              + ", "
              + columns
              + "]");
    }
    return rows * columns;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /**
   * One element.
   *
   * @throws IndexOutOfBoundsException if there is no such place
   */
  public double get(int row, int column) {
    Objects.checkIndex(row, rows);
    Objects.checkIndex(column, columns);
    return data[row * columns + column];
  }

  /**
   * A copy of one row, {@code [columns]}.
   *
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public double[] rowValues(int row) {
    Objects.checkIndex(row, rows);
    return Arrays.copyOfRange(data, row * columns, (row + 1) * columns);
  }

  /** A copy of all elements, row after row. */
  public double[] toArray() {
    return data.clone();
  }

  /**
   * Rows {@code from} to {@code to}, exclusive.
   *
   * @throws IndexOutOfBoundsException if they are not all there
   * @throws IllegalArgumentException if there are none
   */
  public Matrix rows(int from, int to) {
    Objects.checkFromToIndex(from, to, rows);
    size(to - from, columns);
    return new Matrix(to - from, columns, Arrays.copyOfRange(data, from * columns, to * columns));
  }

  /**
   * Columns {@code from} to {@code to}, exclusive.
   *
   * @throws IndexOutOfBoundsException if they are not all there
   * @throws IllegalArgumentException if there are none
   */
  public Matrix columns(int from, int to) {
    Objects.checkFromToIndex(from, to, columns);
    return generate(rows, to - from, (i, j) -> data[i * columns + from + j]);
  }

  /** The transpose. */
  public Matrix transposed() {
    return generate(columns, rows, (i, j) -> data[j * columns + i]);
  }

  /**
   * The product {@code this·other}.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public Matrix times(Matrix other) {
    require("other", other.rows == columns, "[" + columns + ", n]", other);
    double[] product = new double[size(rows, other.columns)];
    int n = other.columns;
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        double a = data[i * columns + k];
        int from = k * n;
        int to = i * n;
        for (int j = 0; j < n; j++) {
          product[to + j] += a * other.data[from + j];
        }
      }
    }
    return new Matrix(rows, n, product);
  }

  /**
   * The product {@code this·otherᵀ}.
   *
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public Matrix timesTransposed(Matrix other) {
    require("other", other.columns == columns, "[n, " + columns + "]", other);
    return times(other.transposed());
  }

  /**
   * The sum.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public Matrix plus(Matrix other) {
    requireSame("other", other, rows, columns);
    return generate(rows, columns, (i, j) -> get(i, j) + other.get(i, j));
  }

  /** Every element multiplied by a factor. */
  public Matrix scaled(double factor) {
    return generate(rows, columns, (i, j) -> factor * get(i, j));
  }

  /**
   * Row {@code i} multiplied by element {@code i} of a row vector.
   *
   * @param factors {@code [1, rows]}
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public Matrix scaledRows(Matrix factors) {
    requireSame("factors", factors, 1, rows);
    return generate(rows, columns, (i, j) -> factors.data[i] * get(i, j));
  }

  /** This matrix with another's rows below its own. */
  Matrix over(Matrix below) {
    requireSame("below", below, below.rows, columns);
    double[] both = Arrays.copyOf(data, data.length + below.data.length);
    System.arraycopy(below.data, 0, both, data.length, below.data.length);
    return new Matrix(rows + below.rows, columns, both);
  }

  /** This matrix with the mean of each row subtracted from its elements. */
  Matrix withCentredRows() {
    double[] means = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        means[i] += get(i, j) / columns;
      }
    }
    return generate(rows, columns, (i, j) -> get(i, j) - means[i]);
  }

  /** This matrix with the mean of each column subtracted from its elements. */
  Matrix withCentredColumns() {
    double[] means = new double[columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        means[j] += get(i, j) / rows;
      }
    }
    return generate(rows, columns, (i, j) -> get(i, j) - means[j]);
  }

  /** The root of the sum of squares. */
  public double norm() {
    double scale = 0;
    for (double x : data) {
      scale = Math.max(scale, Math.abs(x));
    }
    if (scale == 0 || !Double.isFinite(scale)) {
      return scale;
    }
    double sum = 0;
    for (double x : data) {
      sum += x / scale * (x / scale);
    }
    return scale * Math.sqrt(sum);
  }

  private static void requireSame(String name, Matrix matrix, int rows, int columns) {
    require(
        name,
        matrix.rows == rows && matrix.columns == columns,
        "[" + rows + ", " + columns + "]",
        matrix);
  }

  private static void require(String name, boolean fits, String sizes, Matrix matrix) {
    if (!fits) {
      throw new IllegalArgumentException(name + " must be " + sizes + " but was " + matrix);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Matrix that
        && rows == that.rows
        && columns == that.columns
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * rows + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "[" + rows + ", " + columns + "]";
  }
}
