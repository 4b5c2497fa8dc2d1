package org.alignment4j.api.evaluation;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What one sample came to.
 *
 * @param sampleId the sample
 * @param cluster the sample's cluster
 * @param scores a score by metric name
 * @param metadata the sample's metadata that its benchmark aggregates by
 */
@API(status = API.Status.STABLE, since = "0.1")
public record SampleResult(
    String sampleId, String cluster, Map<String, Score> scores, Map<String, String> metadata) {

  /** Checks that nothing is missing, and copies. */
  public SampleResult {
    Objects.requireNonNull(sampleId, "sampleId");
    Objects.requireNonNull(cluster, "cluster");
    scores = ImmutableMap.copyOf(scores);
    metadata = ImmutableMap.copyOf(metadata);
  }
}
