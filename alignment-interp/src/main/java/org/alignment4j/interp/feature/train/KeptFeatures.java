package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.alignment4j.interp.feature.TopKSelection;

/**
 * Chooses the features that stay of {@code z = p + b}, compared as {@code z·scale}: of each row or
 * of the whole batch, and among dead ones for the auxiliary loss. Of equal ones the lowest index
 * stays, over a batch that of the first row.
 *
 * @param chunks splits the rows
 * @param bias {@code b_enc}
 * @param scale what {@code z} is multiplied by before it is compared: norms of the decoder or ones
 */
record KeptFeatures(RowChunks chunks, float[] bias, float[] scale) {

  /** What was kept, and the smallest number compared among it; NaN where there is none. */
  record Kept(SparseRows rows, double smallest) {}

  /** The {@code k} largest of each row. */
  Kept ofRows(FloatBuffer pre, int rows, int k) {
    SparseRows kept = new SparseRows(rows);
    each(pre, rows, (part, row, z, compared) -> kept.put(row, TopKSelection.of(compared, k), z));
    return new Kept(kept, Double.NaN);
  }

  /** The {@code count} largest of all rows. */
  Kept ofBatch(FloatBuffer pre, int rows, long count) {
    BatchSelection selection = new BatchSelection(count);
    BatchSelection.Cut cut = cut(pre, rows, selection);
    int[] equal = new int[rows];
    if (!cut.all()) {
      each(pre, rows, (part, row, z, compared) -> equal[row] = count(compared, cut.value()));
    }
    long[] equalBefore = new long[rows];
    for (int row = 1; row < rows; row++) {
      equalBefore[row] = equalBefore[row - 1] + equal[row - 1];
    }
    SparseRows kept = new SparseRows(rows);
    float[] smallest = new float[rows];
    Arrays.fill(smallest, Float.POSITIVE_INFINITY);
    each(
        pre,
        rows,
        (part, row, z, compared) -> {
          int[] indices = above(compared, cut, cut.equalKept() - equalBefore[row]);
          kept.put(row, indices, z);
          for (int j : indices) {
            smallest[row] = Math.min(smallest[row], compared[j]);
          }
        });
    float least = Float.POSITIVE_INFINITY;
    for (float value : smallest) {
      least = Math.min(least, value);
    }
    return new Kept(kept, Float.isInfinite(least) ? Double.NaN : least);
  }

  /**
   * The {@code k} largest dead ones of each row, negative ones too: one that is negative in every
   * row would stay dead otherwise.
   */
  SparseRows ofDead(FloatBuffer pre, int rows, int k, boolean[] dead) {
    SparseRows kept = new SparseRows(rows);
    each(
        pre,
        rows,
        (part, row, z, compared) -> {
          for (int j = 0; j < compared.length; j++) {
            compared[j] = dead[j] ? compared[j] : Float.NEGATIVE_INFINITY;
          }
          kept.put(row, TopKSelection.of(compared, k, Float.NEGATIVE_INFINITY), z);
        });
    return kept;
  }

  private BatchSelection.Cut cut(FloatBuffer pre, int rows, BatchSelection selection) {
    int[][] upper = BatchSelection.histograms(RowChunks.parts(rows));
    each(
        pre,
        rows,
        (part, row, z, compared) -> {
          for (float value : compared) {
            BatchSelection.countUpper(value, upper[part]);
          }
        });
    if (!selection.findUpper(upper)) {
      return BatchSelection.Cut.everything();
    }
    int[][] lower = BatchSelection.histograms(RowChunks.parts(rows));
    each(
        pre,
        rows,
        (part, row, z, compared) -> {
          for (float value : compared) {
            selection.countLower(value, lower[part]);
          }
        });
    return selection.findLower(lower);
  }

  private static int count(float[] compared, float value) {
    int count = 0;
    for (float one : compared) {
      count += one == value ? 1 : 0;
    }
    return count;
  }

  private static int[] above(float[] compared, BatchSelection.Cut cut, long equalLeft) {
    int[] indices = new int[compared.length];
    int size = 0;
    long left = equalLeft;
    for (int j = 0; j < compared.length; j++) {
      boolean equal = !cut.all() && compared[j] == cut.value();
      if (equal ? left-- > 0 : compared[j] > cut.value()) {
        indices[size++] = j;
      }
    }
    return Arrays.copyOf(indices, size);
  }

  /** Work on one row: {@code z} and the numbers compared, which may be changed. */
  @FunctionalInterface
  private interface RowWork {
    void run(int part, int row, float[] z, float[] compared);
  }

  private void each(FloatBuffer pre, int rows, RowWork work) {
    int width = bias.length;
    chunks.forEach(
        rows,
        (part, first, end) -> {
          float[] z = new float[width];
          float[] compared = new float[width];
          for (int row = first; row < end; row++) {
            pre.get(row * width, z);
            for (int j = 0; j < width; j++) {
              z[j] += bias[j];
              compared[j] = z[j] * scale[j];
            }
            work.run(part, row, z, compared);
          }
        });
  }
}
