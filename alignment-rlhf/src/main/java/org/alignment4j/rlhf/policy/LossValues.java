package org.alignment4j.rlhf.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * A loss evaluated on a batch, in double precision. Every array is {@code [rows]}.
 *
 * @param losses loss of each token
 * @param loss their weighted sum
 * @param gradients gradient of {@code loss} by the log-probabilities under the policy, or by the
 *     values
 * @param metrics values of each metric by its name
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LossValues(
    double[] losses, double loss, double[] gradients, Map<String, double[]> metrics) {

  /** Keeps the order of the metrics. */
  public LossValues {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /**
   * Returns the mean of a metric over tokens.
   *
   * @param name its name
   * @return the mean
   * @throws IllegalArgumentException when the loss has no such metric
   */
  public double metric(String name) {
    double[] values = metrics.get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "name must be one of %s but was %s".formatted(metrics.keySet(), name));
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
