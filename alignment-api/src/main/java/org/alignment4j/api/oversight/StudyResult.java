package org.alignment4j.api.oversight;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.api.provenance.Traceable;
import org.apiguardian.api.API;

/**
 * What a study found.
 *
 * @param metrics what was measured, first the most important
 * @param estimates by arm, an estimate by metric name
 * @param usage what each arm cost, so that arms can be compared at equal cost
 * @param provenance where the figures come from
 */
@API(status = API.Status.STABLE, since = "0.1")
public record StudyResult(
    List<Metric> metrics,
    Map<String, Map<String, Estimate>> estimates,
    Map<String, Usage> usage,
    Provenance provenance)
    implements Traceable {

  /** Checks that nothing is missing, and copies. */
  public StudyResult {
    metrics = List.copyOf(metrics);
    estimates = ImmutableMap.copyOf(Maps.transformValues(estimates, ImmutableMap::copyOf));
    usage = ImmutableMap.copyOf(usage);
    Objects.requireNonNull(provenance, "provenance");
  }

  /**
   * Returns one estimate.
   *
   * @param arm the arm's name
   * @param metric the metric's name
   * @return the estimate
   * @throws IllegalArgumentException when the study has no such arm or metric
   */
  public Estimate estimate(String arm, String metric) {
    Estimate estimate = estimates.getOrDefault(arm, Map.of()).get(metric);
    if (estimate == null) {
      throw new IllegalArgumentException(
          "no estimate of '" + metric + "' for arm '" + arm + "'; arms are " + estimates.keySet());
    }
    return estimate;
  }
}
