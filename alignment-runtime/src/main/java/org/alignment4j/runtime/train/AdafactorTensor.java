package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Adafactor on one tensor: a stack of {@code [rows, columns]} matrices, or a vector, which is one
 * row whose squares are not factored. Three passes over the tensor, none of which keeps more than a
 * few rows: means of squares, size of the update, update.
 */
final class AdafactorTensor {
  private final Slot slot;
  private final boolean factored;
  private final int matrices;
  private final int rows;
  private final int columns;
  private final float[] rowMeans;
  private final float[] columnMeans;
  private final float @Nullable [] momentum;
  private final boolean decays;

  AdafactorTensor(Slot slot, AdafactorConfig config) {
    this.slot = slot;
    int rank = slot.shape().size();
    this.factored = rank >= 2;
    this.columns = factored ? slot.shape().get(rank - 1) : Math.max(1, slot.size());
    this.rows = factored ? slot.shape().get(rank - 2) : 1;
    this.matrices = slot.size() / (rows * columns);
    this.rowMeans = new float[factored ? matrices * rows : 0];
    this.columnMeans = new float[matrices * columns];
    this.momentum = config.beta1() == 0 ? null : new float[slot.size()];
    this.decays = config.decayed().includes(slot);
  }

  Slot slot() {
    return slot;
  }

  int columns() {
    return columns;
  }

  /** Means by row and by column, or of each element, under the tensor's own name. */
  List<StateTensor> state() {
    List<StateTensor> state = new ArrayList<>();
    if (factored) {
      state.add(vector("exp_avg_sq_row.", rowMeans));
      state.add(vector("exp_avg_sq_col.", columnMeans));
    } else {
      state.add(vector("exp_avg_sq.", columnMeans));
    }
    if (momentum != null) {
      state.add(vector("exp_avg.", momentum));
    }
    return state;
  }

  private StateTensor vector(String name, float[] values) {
    return new StateTensor(name + slot.name(), List.of(FloatBuffer.wrap(values)));
  }

  void update(
      FlatParameters parameters,
      FlatParameters gradients,
      AdafactorStep step,
      AdafactorScratch scratch) {
    FloatBuffer p = parameters.buffer(slot.buffer());
    FloatBuffer g = gradients.buffer(slot.buffer());
    for (int matrix = 0; matrix < matrices; matrix++) {
      accumulate(g, matrix, step, scratch);
    }
    double squares = 0;
    for (int matrix = 0; matrix < matrices; matrix++) {
      squares += squaresOfUpdate(g, matrix, step, scratch);
    }
    AdafactorConfig config = step.config();
    double size = Math.sqrt(squares / slot.size());
    double clip = 1 / Math.max(1, size / config.clipThreshold());
    double rate = step.rate();
    if (config.scaleParameter()) {
      rate *= Math.max(config.epsilon2(), rootMeanSquare(p, scratch));
    }
    float decay = (float) (1 - (decays ? rate * config.weightDecay() : 0));
    for (int matrix = 0; matrix < matrices; matrix++) {
      move(p, g, matrix, step, decay, (float) (rate * clip), scratch);
    }
  }

  /** Rows that are read at once. */
  private int chunk() {
    return Math.max(1, Blocks.SIZE / columns);
  }

  private int start(int matrix, int row) {
    return slot.offset() + (matrix * rows + row) * columns;
  }

  private void accumulate(
      FloatBuffer gradients, int matrix, AdafactorStep step, AdafactorScratch scratch) {
    double[] sums = scratch.columnSums;
    Arrays.fill(sums, 0, columns, 0);
    double beta2 = step.beta2();
    double epsilon = step.config().epsilon1();
    for (int row = 0; row < rows; row += chunk()) {
      int n = Math.min(chunk(), rows - row);
      gradients.get(start(matrix, row), scratch.g, 0, n * columns);
      for (int r = 0; r < n; r++) {
        int from = r * columns;
        scale(scratch.g, from, columns, step.scale());
        addSquares(scratch.g, from, sums, columns);
        if (factored) {
          double mean = Squares.sum(scratch.g, from, columns) / columns + epsilon;
          int i = matrix * rows + row + r;
          rowMeans[i] = (float) (beta2 * rowMeans[i] + (1 - beta2) * mean);
        }
      }
    }
    int first = matrix * columns;
    for (int c = 0; c < columns; c++) {
      double mean = sums[c] / rows + epsilon;
      columnMeans[first + c] = (float) (beta2 * columnMeans[first + c] + (1 - beta2) * mean);
    }
  }

  private static void scale(float[] values, int from, int length, float factor) {
    for (int i = from; i < from + length; i++) {
      values[i] *= factor;
    }
  }

  private static void addSquares(float[] g, int from, double[] sums, int length) {
    for (int i = 0; i < length; i++) {
      double value = g[from + i];
      sums[i] += value * value;
    }
  }

  /** Sum of the squares of {@code u} over a matrix. */
  private double squaresOfUpdate(
      FloatBuffer gradients, int matrix, AdafactorStep step, AdafactorScratch scratch) {
    setColumnFactors(matrix, scratch.columnFactors);
    double mean = meanOfRows(matrix);
    double sum = 0;
    for (int row = 0; row < rows; row += chunk()) {
      int n = Math.min(chunk(), rows - row);
      gradients.get(start(matrix, row), scratch.g, 0, n * columns);
      for (int r = 0; r < n; r++) {
        int from = r * columns;
        direction(scratch, from, step.scale() * rowFactor(matrix, row + r, mean));
        sum += Squares.sum(scratch.g, from, columns);
      }
    }
    return sum;
  }

  private void move(
      FloatBuffer parameters,
      FloatBuffer gradients,
      int matrix,
      AdafactorStep step,
      float decay,
      float rate,
      AdafactorScratch scratch) {
    setColumnFactors(matrix, scratch.columnFactors);
    double mean = meanOfRows(matrix);
    for (int row = 0; row < rows; row += chunk()) {
      int n = Math.min(chunk(), rows - row);
      int start = start(matrix, row);
      gradients.get(start, scratch.g, 0, n * columns);
      parameters.get(start, scratch.p, 0, n * columns);
      for (int r = 0; r < n; r++) {
        direction(scratch, r * columns, step.scale() * rowFactor(matrix, row + r, mean));
      }
      descend(scratch.p, scratch.g, n * columns, start - slot.offset(), step, decay, rate);
      parameters.put(start, scratch.p, 0, n * columns);
    }
  }

  private void descend(
      float[] p, float[] u, int length, int first, AdafactorStep step, float decay, float rate) {
    float[] m = momentum;
    if (m == null) {
      for (int i = 0; i < length; i++) {
        p[i] = p[i] * decay - rate * u[i];
      }
      return;
    }
    float beta1 = (float) step.config().beta1();
    float entering = (float) ((1 - step.config().beta1()) * rate);
    for (int i = 0; i < length; i++) {
      float next = beta1 * m[first + i] + entering * u[i];
      m[first + i] = next;
      p[i] = p[i] * decay - next;
    }
  }

  /** Turns a row of gradients into its part of {@code u}. */
  private void direction(AdafactorScratch scratch, int from, float factor) {
    float[] g = scratch.g;
    float[] byColumn = scratch.columnFactors;
    for (int c = 0; c < columns; c++) {
      g[from + c] = g[from + c] * factor * byColumn[c];
    }
  }

  private void setColumnFactors(int matrix, float[] factors) {
    int first = matrix * columns;
    for (int c = 0; c < columns; c++) {
      factors[c] = (float) (1 / Math.sqrt(columnMeans[first + c]));
    }
  }

  private double meanOfRows(int matrix) {
    double sum = 0;
    for (int row = 0; factored && row < rows; row++) {
      sum += rowMeans[matrix * rows + row];
    }
    return sum / rows;
  }

  private float rowFactor(int matrix, int row, double mean) {
    return factored ? (float) Math.sqrt(mean / rowMeans[matrix * rows + row]) : 1;
  }

  private double rootMeanSquare(FloatBuffer parameters, AdafactorScratch scratch) {
    double sum = 0;
    for (int from = 0; from < slot.size(); from += Blocks.SIZE) {
      int n = Math.min(Blocks.SIZE, slot.size() - from);
      parameters.get(slot.offset() + from, scratch.p, 0, n);
      sum += Squares.sum(scratch.p, 0, n);
    }
    return Math.sqrt(sum / slot.size());
  }
}
