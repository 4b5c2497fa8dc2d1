package org.alignment4j.interp.feature.train;

import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.feature.InputNormalisation;

/** {@code √d / mean ‖x‖} over the first rows of a source. */
final class InputScale {
  private InputScale() {}

  /**
   * Estimates the scale.
   *
   * @return 1 where inputs are not scaled by one number
   * @throws IllegalArgumentException when all rows are zero
   */
  static double of(
      SaeDesign design, ActivationSource source, int rows, CancellationToken cancellation) {
    if (design.normalisation() != InputNormalisation.EXPECTED_AVERAGE_ONLY_IN) {
      return 1;
    }
    int stride = source.inputSize() + source.targetSize();
    double sum = 0;
    long count = 0;
    for (long chunk = 0; count < rows; chunk++) {
      float[] values = source.chunk(chunk, cancellation);
      for (int start = 0; start < values.length; start += stride) {
        double squares = 0;
        for (int i = start; i < start + source.inputSize(); i++) {
          squares += (double) values[i] * values[i];
        }
        sum += Math.sqrt(squares);
        count++;
      }
      if (chunk >= rows && count == 0) {
        throw new IllegalArgumentException(
            "a source of activations must give rows but gave none in " + chunk + " chunks");
      }
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException(
          "activations must not all be zero to be scaled by their mean norm; leave them as they are");
    }
    return Math.sqrt(source.inputSize()) / (sum / count);
  }
}
