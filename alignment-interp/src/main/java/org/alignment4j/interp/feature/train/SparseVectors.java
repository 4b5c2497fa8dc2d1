package org.alignment4j.interp.feature.train;

/** Loops over parts of arrays, written so that the compiler makes vector instructions of them. */
final class SparseVectors {
  private SparseVectors() {}

  /** {@code y += factor · x}. */
  static void addMultiple(float[] y, int yStart, float factor, float[] x, int xStart, int size) {
    for (int i = 0; i < size; i++) {
      y[yStart + i] += factor * x[xStart + i];
    }
  }

  /** {@code x · y}, summed in four interleaved sums, which is faster and more exact than one. */
  static float product(float[] x, int xStart, float[] y, int yStart, int size) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < size; i += 4) {
      a += x[xStart + i] * y[yStart + i];
      b += x[xStart + i + 1] * y[yStart + i + 1];
      c += x[xStart + i + 2] * y[yStart + i + 2];
      d += x[xStart + i + 3] * y[yStart + i + 3];
    }
    for (; i < size; i++) {
      a += x[xStart + i] * y[yStart + i];
    }
    return (a + b) + (c + d);
  }
}
