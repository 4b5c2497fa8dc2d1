package org.alignment4j.interp.feature;

import com.google.common.primitives.ImmutableDoubleArray;
import org.apiguardian.api.API;

/**
 * Gathers {@link ReconstructionQuality} over a stream of rows, in double. The variance is summed
 * around the running mean (Welford 1962), so that a large mean costs no digits. Mutable; one thread
 * at a time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ReconstructionMetrics {
  private final int size;
  private final long[] firings;
  private final double[] mean;
  private final double[] deviation;
  private long rows;
  private long active;
  private double errors;
  private double outputSquares;
  private double products;

  /**
   * Begins without rows.
   *
   * @param size length of a target
   * @param width number of features
   * @throws IllegalArgumentException when one is not positive
   */
  public ReconstructionMetrics(int size, int width) {
    if (size < 1 || width < 1) {
      throw new IllegalArgumentException(
          "size and width must be positive but were " + size + " and " + width);
    }
    this.size = size;
    this.firings = new long[width];
    this.mean = new double[size];
    this.deviation = new double[size];
  }

  /**
   * Adds rows.
   *
   * @param targets what was to be predicted, {@code [n, size]}
   * @param features {@code [n, width]}
   * @param predictions {@code [n, size]}
   * @param included which rows count
   * @throws IllegalArgumentException when the numbers of rows differ or a number that counts is not
   *     finite
   */
  public void add(float[] targets, float[] features, float[] predictions, boolean[] included) {
    int n = included.length;
    if (targets.length != n * size
        || predictions.length != n * size
        || features.length != n * firings.length) {
      throw new IllegalArgumentException(
          "targets, features and predictions must have "
              + n
              + " rows as there are marks but have "
              + targets.length / size
              + ", "
              + features.length / firings.length
              + " and "
              + predictions.length / size);
    }
    for (int row = 0; row < n; row++) {
      if (included[row]) {
        addRow(targets, features, predictions, row);
      }
    }
  }

  private void addRow(float[] targets, float[] features, float[] predictions, int row) {
    rows++;
    double error = 0;
    for (int i = 0; i < size; i++) {
      double x = targets[row * size + i];
      double y = predictions[row * size + i];
      if (!Double.isFinite(x) || !Double.isFinite(y)) {
        throw new IllegalArgumentException(
            "targets and predictions must be finite but row " + row + " has " + x + " and " + y);
      }
      double before = x - mean[i];
      mean[i] += before / rows;
      deviation[i] += before * (x - mean[i]);
      error += (x - y) * (x - y);
      outputSquares += y * y;
      products += x * y;
    }
    errors += error;
    for (int j = 0; j < firings.length; j++) {
      if (features[row * firings.length + j] > 0) {
        firings[j]++;
        active++;
      }
    }
  }

  /**
   * Returns what was gathered.
   *
   * @return the quality
   * @throws IllegalStateException when no row counted
   */
  public ReconstructionQuality result() {
    if (rows == 0) {
      throw new IllegalStateException(
          "metrics need at least one row but there was none; give more text, or exclude fewer"
              + " tokens");
    }
    double variance = 0;
    for (double d : deviation) {
      variance += d;
    }
    ImmutableDoubleArray.Builder density = ImmutableDoubleArray.builder(firings.length);
    for (long count : firings) {
      density.add((double) count / rows);
    }
    return new ReconstructionQuality(
        rows,
        (double) active / rows,
        errors / rows,
        variance > 0 ? errors / variance : Double.NaN,
        outputSquares > 0 ? outputSquares / products : Double.NaN,
        density.build());
  }
}
