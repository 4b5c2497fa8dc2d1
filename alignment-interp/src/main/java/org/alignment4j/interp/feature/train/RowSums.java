package org.alignment4j.interp.feature.train;

/** What one part of the rows adds up to, feature by feature. */
final class RowSums {
  /** Slopes of the loss by the norms of the decoder's rows. */
  static final int NORM = 0;

  /** Gradients of {@code x̃·W_enc}. */
  static final int PRE = 1;

  final float[][] vectors;
  final int[] firings;
  double penalty;
  double auxiliary;

  RowSums(int vectors, int width) {
    this.vectors = new float[vectors][width];
    this.firings = new int[width];
  }

  /** The sum of one vector over all parts, in order. */
  static float[] total(RowSums[] parts, int vector) {
    double[] sum = new double[parts[0].vectors[vector].length];
    for (RowSums part : parts) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += part.vectors[vector][j];
      }
    }
    float[] total = new float[sum.length];
    for (int j = 0; j < total.length; j++) {
      total[j] = (float) sum[j];
    }
    return total;
  }

  static long[] firings(RowSums[] parts) {
    long[] total = new long[parts[0].firings.length];
    for (RowSums part : parts) {
      for (int j = 0; j < total.length; j++) {
        total[j] += part.firings[j];
      }
    }
    return total;
  }
}
