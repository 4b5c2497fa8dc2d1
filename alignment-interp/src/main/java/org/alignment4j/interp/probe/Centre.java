package org.alignment4j.interp.probe;

import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.MeanEstimator;

/** The mean of rows, and rows without it. */
final class Centre {

  private Centre() {}

  static double[] of(Rows rows) {
    MeanEstimator mean = new MeanEstimator(rows.width());
    mean.update(rows);
    return mean.mean();
  }

  static Rows subtracted(Rows rows, double[] centre) {
    float[] data = rows.toArray();
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (data[i] - centre[i % centre.length]);
    }
    return Rows.of(rows.width(), data);
  }
}
