package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reconstructions by nested prefixes of the features that stayed, of which the last has all of
 * them: their errors, and the gradients of the sum of mean squared errors. A feature takes part in
 * every prefix that is at least as wide as its index, so that its gradient is by the sum of these
 * errors. Used for one batch.
 */
final class NestedDecoding {
  private final SaeBatch batch;
  private final LossFrame frame;
  private final List<Integer> widths;
  private final float[] decoder;
  private final float[] bias;
  private final float[][] slopes;
  private final float[] residuals;
  private final double[][] errors;

  NestedDecoding(
      SaeBatch batch, LossFrame frame, List<Integer> widths, float[] decoder, float[] bias) {
    this.batch = batch;
    this.frame = frame;
    this.widths = widths;
    this.decoder = decoder;
    this.bias = bias;
    int size = batch.rows() * bias.length;
    this.slopes = new float[widths.size()][size];
    this.residuals = new float[size];
    this.errors = new double[widths.size()][batch.rows()];
  }

  /** Decodes, and gives the kept features their gradients. */
  void run(SparseRows kept) {
    int out = bias.length;
    FloatBuffer targets = batch.targets();
    FloatBuffer skipped = frame.skipped();
    frame.chunks.forEach(
        batch.rows(),
        (part, first, end) -> {
          float[] sum = new float[out];
          float[] added = new float[out];
          float[] target = new float[out];
          for (int row = first; row < end; row++) {
            targets.get(row * out, target);
            if (frame.design.skip()) {
              skipped.get(row * out, added);
            }
            for (int i = 0; i < out; i++) {
              sum[i] = bias[i] + added[i];
            }
            decode(kept, row, sum, target);
            gradients(kept, row);
          }
        });
  }

  private void decode(SparseRows kept, int row, float[] sum, float[] target) {
    int out = bias.length;
    int[] indices = kept.indices[row];
    float[] values = kept.values[row];
    float factor = 2f / batch.rows();
    int entry = 0;
    for (int level = 0; level < slopes.length; level++) {
      for (; entry < indices.length && indices[entry] < widths.get(level); entry++) {
        SparseVectors.addMultiple(sum, 0, values[entry], decoder, indices[entry] * out, out);
      }
      double squares = 0;
      for (int i = 0; i < out; i++) {
        float error = sum[i] - target[i];
        squares += (double) error * error;
        slopes[level][row * out + i] = factor * error;
        residuals[row * out + i] = -error;
      }
      errors[level][row] = squares;
    }
    for (int level = slopes.length - 2; level >= 0; level--) {
      SparseVectors.addMultiple(slopes[level], row * out, 1, slopes[level + 1], row * out, out);
    }
  }

  private void gradients(SparseRows kept, int row) {
    int out = bias.length;
    int[] indices = kept.indices[row];
    int level = 0;
    for (int e = 0; e < indices.length; e++) {
      while (indices[e] >= widths.get(level)) {
        level++;
      }
      kept.slopes[row][e] =
          SparseVectors.product(slopes[level], row * out, decoder, indices[e] * out, out);
    }
  }

  /** The mean squared errors by name: {@code mse} of all features, then those of each prefix. */
  Map<String, Double> terms() {
    Map<String, Double> terms = new LinkedHashMap<>();
    int last = widths.size() - 1;
    terms.put("mse", DenseLoss.mean(errors[last]));
    for (int level = 0; level < last; level++) {
      terms.put("mse_" + widths.get(level), DenseLoss.mean(errors[level]));
    }
    return terms;
  }

  /**
   * Gradients by what each feature adds, {@code [n, dOut]}: of a feature in prefix {@code i} and
   * wider ones, the {@code i}-th. The first is also that by the bias.
   */
  float[][] slopes() {
    return slopes;
  }

  /** {@code x − x̂} of all features, {@code [n, dOut]}. */
  float[] residuals() {
    return residuals;
  }

  /** {@code ‖x − x̂‖²} of all features. */
  double[] rowErrors() {
    return errors[errors.length - 1];
  }
}
