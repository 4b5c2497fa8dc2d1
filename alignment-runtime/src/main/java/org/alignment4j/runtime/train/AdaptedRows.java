package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.checkpoint.WeightTensor;

/**
 * The rows of a linear weight with its low-rank update, in double: {@code W + s·B·A} for weights
 * {@code [out, in]}, {@code W + s·(B·A)ᵀ} for {@code [in, out]}.
 */
final class AdaptedRows {

  private final WeightTensor weight;
  private final double scale;
  private final boolean outIn;
  private final int rows;
  private final int columns;
  private final int rank;
  private final float[] left;
  private final float[] right;

  AdaptedRows(WeightTensor weight, LoraMatrices pair, double scale, LinearLayout layout) {
    this.weight = weight;
    this.scale = scale;
    this.outIn = layout == LinearLayout.OUT_IN;
    this.rows = outIn ? pair.out() : pair.in();
    this.columns = outIn ? pair.in() : pair.out();
    if (!Arrays.equals(weight.shape(), new long[] {rows, columns})) {
      throw new IllegalArgumentException(
          weight.name()
              + " must have shape ["
              + rows
              + ", "
              + columns
              + "] as its adapter but has "
              + Arrays.toString(weight.shape()));
    }
    // The update is left·right with left [rows, rank] and right [rank, columns].
    this.rank = pair.rank();
    this.left = outIn ? floats(pair.b()) : transposed(pair.a(), rank, pair.in());
    this.right = outIn ? floats(pair.a()) : transposed(pair.b(), pair.out(), rank);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** Whether a row belongs to one output; else a column does. */
  boolean rowsAreOutputs() {
    return outIn;
  }

  /** Gives every row in order, in an array that the next row overwrites. */
  void forEach(Consumer<double[]> consumer) {
    FloatBuffer source = weight.data();
    float[] stored = new float[columns];
    double[] row = new double[columns];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(row, 0);
      for (int k = 0; k < rank; k++) {
        double factor = scale * left[r * rank + k];
        int at = k * columns;
        for (int c = 0; c < columns; c++) {
          row[c] += factor * right[at + c];
        }
      }
      source.get(stored);
      for (int c = 0; c < columns; c++) {
        row[c] += stored[c];
      }
      consumer.accept(row);
    }
  }

  /** The Euclidean norm of what each output reads. */
  double[] norms() {
    double[] squares = new double[outIn ? rows : columns];
    int[] next = {0};
    forEach(
        row -> {
          int r = next[0]++;
          for (int c = 0; c < columns; c++) {
            squares[outIn ? r : c] += row[c] * row[c];
          }
        });
    for (int i = 0; i < squares.length; i++) {
      squares[i] = Math.sqrt(squares[i]);
    }
    return squares;
  }

  /**
   * Magnitudes over {@link #norms}.
   *
   * @throws IllegalArgumentException when a norm is zero, so that there is no direction to rescale
   */
  double[] gains(WeightTensor magnitude) {
    double[] gains = norms();
    FloatBuffer magnitudes = magnitude.data();
    for (int o = 0; o < gains.length; o++) {
      if (gains[o] == 0) {
        throw new IllegalArgumentException(
            "an adapter with magnitudes must leave no output without direction but output "
                + o
                + " of "
                + weight.name()
                + " reads nothing");
      }
      // In float, so that magnitudes that are the norms change nothing.
      gains[o] = magnitudes.get(o) / (float) gains[o];
    }
    return gains;
  }

  private static float[] floats(WeightTensor tensor) {
    float[] values = new float[tensor.size()];
    tensor.data().get(values);
    return values;
  }

  private static float[] transposed(WeightTensor tensor, int rows, int columns) {
    float[] values = floats(tensor);
    float[] transposed = new float[values.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        transposed[c * rows + r] = values[r * columns + c];
      }
    }
    return transposed;
  }
}
