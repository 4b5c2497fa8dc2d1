package org.alignment4j.rlhf.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The emitted part of a loss.
 *
 * @param losses loss of each token, {@code [rows]}
 * @param metrics what to report, by name, {@code [rows]} each: a figure is the mean over tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LossTerms(Value losses, Map<String, Value> metrics) {

  /** Keeps the order of the metrics. */
  public LossTerms {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
