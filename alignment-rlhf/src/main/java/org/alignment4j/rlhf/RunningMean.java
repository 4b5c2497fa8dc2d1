package org.alignment4j.rlhf;

import java.util.Map;

/**
 * The mean of all values seen, batch by batch (Chan et al. 1983): it is that of one list of them
 * all. Owned by one run.
 */
final class RunningMean {

  private static final String COUNT = "running_mean_count";
  private static final String MEAN = "running_mean";

  private long count;
  private double mean;

  /** Takes a batch in. */
  void add(double[] values) {
    if (values.length == 0) {
      return;
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    count += values.length;
    mean += (sum / values.length - mean) * values.length / count;
  }

  double value() {
    return mean;
  }

  /** Exact: a double's text gives back the double. */
  Map<String, String> state() {
    return Map.of(COUNT, Long.toString(count), MEAN, Double.toString(mean));
  }

  void resume(Map<String, String> state) {
    count = Long.parseLong(state.getOrDefault(COUNT, "0"));
    mean = Double.parseDouble(state.getOrDefault(MEAN, "0"));
  }
}
