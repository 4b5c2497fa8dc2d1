package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.checkpoint.WeightTensor;

/** Adds a low-rank update to a linear weight. */
final class LoraMerge {
  private LoraMerge() {}

  /**
   * {@code W + s·B·A} for weights {@code [out, in]}, {@code W + s·(B·A)ᵀ} for {@code [in, out]}.
   */
  static WeightTensor merge(
      WeightTensor weight, LoraMatrices pair, double scale, LinearLayout layout) {
    boolean outIn = layout == LinearLayout.OUT_IN;
    int rows = outIn ? pair.out() : pair.in();
    int columns = outIn ? pair.in() : pair.out();
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
    int rank = pair.rank();
    float[] left = outIn ? floats(pair.b()) : transposed(pair.a(), rank, pair.in());
    float[] right = outIn ? floats(pair.a()) : transposed(pair.b(), pair.out(), rank);
    FloatBuffer source = weight.data();
    FloatBuffer merged = FlatParameters.allocate(weight.size());
    float[] row = new float[columns];
    double[] update = new double[columns];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(update, 0);
      for (int k = 0; k < rank; k++) {
        double factor = scale * left[r * rank + k];
        int at = k * columns;
        for (int c = 0; c < columns; c++) {
          update[c] += factor * right[at + c];
        }
      }
      source.get(row);
      for (int c = 0; c < columns; c++) {
        row[c] = (float) (row[c] + update[c]);
      }
      merged.put(row);
    }
    return new WeightTensor(weight.name(), weight.shape(), merged.flip());
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
