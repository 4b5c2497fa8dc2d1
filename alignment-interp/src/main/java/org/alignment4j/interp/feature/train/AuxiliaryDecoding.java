package org.alignment4j.interp.feature.train;

/**
 * The auxiliary loss {@code w · mean_N ‖z·W_dec − r‖²} of dead features, with the residual {@code
 * r} a constant. Used for one batch.
 */
final class AuxiliaryDecoding {
  private final RowChunks chunks;
  private final float[] decoder;
  private final int size;
  private final double weight;
  private final float[] residuals;
  private final float[] slopes;

  AuxiliaryDecoding(RowChunks chunks, float[] decoder, int size, double weight, float[] residuals) {
    this.chunks = chunks;
    this.decoder = decoder;
    this.size = size;
    this.weight = weight;
    this.residuals = residuals;
    this.slopes = new float[residuals.length];
  }

  /** Decodes, gives the dead features their gradients, and returns the loss. */
  double run(SparseRows dead) {
    int rows = dead.indices.length;
    float factor = (float) (2 * weight / rows);
    double[] errors = new double[rows];
    chunks.forEach(
        rows,
        (part, first, end) -> {
          for (int row = first; row < end; row++) {
            int start = row * size;
            for (int e = 0; e < dead.indices[row].length; e++) {
              SparseVectors.addMultiple(
                  slopes, start, dead.values[row][e], decoder, dead.indices[row][e] * size, size);
            }
            for (int i = start; i < start + size; i++) {
              float error = slopes[i] - residuals[i];
              errors[row] += (double) error * error;
              slopes[i] = factor * error;
            }
            for (int e = 0; e < dead.indices[row].length; e++) {
              dead.slopes[row][e] =
                  SparseVectors.product(slopes, start, decoder, dead.indices[row][e] * size, size);
            }
          }
        });
    return weight * DenseLoss.mean(errors);
  }

  /** Gradients by what dead features add, {@code [n, dOut]}. */
  float[] slopes() {
    return slopes;
  }
}
