package org.alignment4j.interp.feature.train;

/**
 * Features that stayed, row by row: indices ascending within a row, their activations {@code z} as
 * the decoder takes them, and the gradients by these. Filled by its owner.
 */
final class SparseRows {
  final int[][] indices;
  final float[][] values;
  final float[][] slopes;

  SparseRows(int rows) {
    this.indices = new int[rows][];
    this.values = new float[rows][];
    this.slopes = new float[rows][];
  }

  /** Keeps of a row's activations those at some indices. */
  void put(int row, int[] kept, float[] activations) {
    float[] own = new float[kept.length];
    for (int e = 0; e < own.length; e++) {
      own[e] = activations[kept[e]];
    }
    indices[row] = kept;
    values[row] = own;
    slopes[row] = new float[kept.length];
  }

  /** How often each feature stayed. */
  long[] firings(int width) {
    long[] firings = new long[width];
    for (int[] row : indices) {
      for (int j : row) {
        firings[j]++;
      }
    }
    return firings;
  }
}
