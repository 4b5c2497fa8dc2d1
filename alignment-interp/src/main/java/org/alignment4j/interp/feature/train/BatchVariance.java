package org.alignment4j.interp.feature.train;

/** The fraction of a batch's variance that is unexplained. Pure functions. */
final class BatchVariance {
  private BatchVariance() {}

  /** {@code Σ ‖x − x̂‖² / Σ ‖x − mean(x)‖²}; NaN where all rows are equal. */
  static double unexplained(SaeBatch batch, double[] rowErrors) {
    int size = batch.outputSize();
    float[] rows = new float[batch.rows() * size];
    batch.targets().get(0, rows);
    double[] means = new double[size];
    for (int row = 0; row < batch.rows(); row++) {
      for (int i = 0; i < size; i++) {
        means[i] += rows[row * size + i];
      }
    }
    double variance = 0;
    double errors = 0;
    for (int i = 0; i < size; i++) {
      means[i] /= batch.rows();
    }
    for (int row = 0; row < batch.rows(); row++) {
      errors += rowErrors[row];
      for (int i = 0; i < size; i++) {
        double difference = rows[row * size + i] - means[i];
        variance += difference * difference;
      }
    }
    return variance > 0 ? errors / variance : Double.NaN;
  }
}
