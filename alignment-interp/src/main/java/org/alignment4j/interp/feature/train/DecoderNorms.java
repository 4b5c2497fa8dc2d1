package org.alignment4j.interp.feature.train;

/** Norms of rows {@code [F, size]}, and what keeps them at 1. Pure functions. */
final class DecoderNorms {
  private DecoderNorms() {}

  static float[] of(float[] rows, int size) {
    float[] norms = new float[rows.length / size];
    for (int j = 0; j < norms.length; j++) {
      double squares = 0;
      for (int i = j * size; i < (j + 1) * size; i++) {
        squares += (double) rows[i] * rows[i];
      }
      norms[j] = (float) Math.sqrt(squares);
    }
    return norms;
  }

  /** Gives every row a norm, in place; rows of zeros stay. */
  static void scaleTo(float[] rows, int size, float norm) {
    float[] norms = of(rows, size);
    for (int j = 0; j < norms.length; j++) {
      if (norms[j] > 0) {
        float factor = norm / norms[j];
        for (int i = j * size; i < (j + 1) * size; i++) {
          rows[i] *= factor;
        }
      }
    }
  }

  /** Removes from each row of gradients its part along the row of the decoder, in place. */
  static void removeParallel(float[] gradients, float[] rows, int size) {
    for (int start = 0; start < rows.length; start += size) {
      double product = 0;
      double squares = 0;
      for (int i = start; i < start + size; i++) {
        product += (double) gradients[i] * rows[i];
        squares += (double) rows[i] * rows[i];
      }
      if (squares > 0) {
        float factor = (float) (product / squares);
        for (int i = start; i < start + size; i++) {
          gradients[i] -= factor * rows[i];
        }
      }
    }
  }

  /** Adds {@code slopes[j] · rows[j]/‖rows[j]‖}, the gradient of the norms, to each row. */
  static void addNormGradients(float[] gradients, float[] slopes, float[] rows, int size) {
    float[] norms = of(rows, size);
    for (int j = 0; j < slopes.length; j++) {
      if (slopes[j] != 0 && norms[j] > 0) {
        float factor = slopes[j] / norms[j];
        for (int i = j * size; i < (j + 1) * size; i++) {
          gradients[i] += factor * rows[i];
        }
      }
    }
  }
}
