package org.alignment4j.rlhf.reward;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Binning;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.ReliabilityTable;

/**
 * The expected calibration error of outcomes that are sure in part only and depend on each other
 * within clusters, with the basic bootstrap interval that {@link ReliabilityTable#expectedError}
 * has for independent answers that are right or wrong.
 *
 * @param confidences the probability of each outcome that the model gives
 * @param outcomes from 0 to 1
 * @param binning how bins are made
 */
record CalibrationError(double[] confidences, double[] outcomes, Binning binning) {

  ReliabilityTable table() {
    return ReliabilityTable.of(confidences, outcomes, binning);
  }

  /**
   * The error; {@code 2e − q} with the resampled errors' percentiles q on the other side, inside
   * [0, 1] and widened to hold the error.
   */
  Estimate estimate(int[] clusters, Bootstrap bootstrap) {
    Estimate percentiles =
        bootstrap
            .of(
                clusters,
                items ->
                    new CalibrationError(
                            chosen(confidences, items), chosen(outcomes, items), binning)
                        .table()
                        .expectedError())
            .estimate();
    if (Double.isNaN(percentiles.ciLow())) {
      return percentiles;
    }
    double error = percentiles.value();
    double low = Math.max(0, 2 * error - percentiles.ciHigh());
    double high = Math.min(1, 2 * error - percentiles.ciLow());
    return new Estimate(
        error,
        percentiles.standardError(),
        Math.min(error, low),
        Math.max(error, high),
        percentiles.confidence(),
        percentiles.n(),
        percentiles.clusters(),
        percentiles.unscored(),
        percentiles.failed());
  }

  private static double[] chosen(double[] values, int[] items) {
    return Arrays.stream(items).mapToDouble(i -> values[i]).toArray();
  }
}
