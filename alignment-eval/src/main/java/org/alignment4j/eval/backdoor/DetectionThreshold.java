package org.alignment4j.eval.backdoor;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * A threshold for scores of a {@link BackdoorDetector}, calibrated on clean models. Of exchangeable
 * clean models, at most the wanted share lies above it in the mean (Vovk et al. 2005, conformal
 * prediction): it is the {@code ⌈(1 - α)(n + 1)⌉}-th smallest of n scores.
 *
 * @param value scores above it are an alarm
 * @param falseAlarms the wanted share α
 * @param models clean models it rests on
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DetectionThreshold(double value, double falseAlarms, int models) {

  /**
   * Calibrates a threshold.
   *
   * @param cleanScores scores of clean models, other than those that are to be judged
   * @param falseAlarms wanted share of clean models with an alarm, in (0, 1)
   * @return the threshold
   * @throws IllegalArgumentException when there are too few models for that share, or a score is
   *     NaN
   */
  public static DetectionThreshold ofClean(double[] cleanScores, double falseAlarms) {
    if (!(falseAlarms > 0 && falseAlarms < 1)) {
      throw new IllegalArgumentException("falseAlarms must be in (0, 1) but was " + falseAlarms);
    }
    if (Arrays.stream(cleanScores).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("scores must be numbers but one is NaN");
    }
    int n = cleanScores.length;
    // Rounding must not ask for one model more: (1 - 0.05) * 20 is 19.
    int rank = (int) Math.ceil((1 - falseAlarms) * (n + 1) - 1e-9);
    if (rank > n) {
      throw new IllegalArgumentException(
          "a share of "
              + falseAlarms
              + " needs at least "
              + (int) Math.ceil(1 / falseAlarms - 1 - 1e-9)
              + " clean models but there are "
              + n);
    }
    double[] sorted = cleanScores.clone();
    Arrays.sort(sorted);
    return new DetectionThreshold(sorted[rank - 1], falseAlarms, n);
  }

  /**
   * Returns whether a score is an alarm.
   *
   * @param score of a detector
   * @return true above the threshold
   */
  public boolean alarm(double score) {
    return score > value;
  }
}
