package org.alignment4j.runtime.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * What was measured in one training step.
 *
 * @param step updates made, from 1
 * @param values numbers by name, such as {@code loss}, in the order to show them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Metrics(long step, Map<String, Double> values) {
  public Metrics {
    if (step < 0) {
      throw new IllegalArgumentException("step must not be negative but was " + step);
    }
    if (values.containsKey("step")) {
      throw new IllegalArgumentException("values must not be named step, which counts updates");
    }
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
