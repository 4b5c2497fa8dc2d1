package org.alignment4j.api.evaluation;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * How one model did on one benchmark.
 *
 * @param benchmark the benchmark's name
 * @param version the benchmark's version
 * @param dimension which side of a model it shows, see {@link Benchmark#dimension}
 * @param modelId the model's identity
 * @param metrics what was measured, first the most important
 * @param estimates an estimate by metric name
 * @param usage what it cost
 * @param incomplete why not all samples were run, such as {@code budget: tokens}; empty when all
 *     were
 */
@API(status = API.Status.STABLE, since = "0.1")
public record BenchmarkResult(
    String benchmark,
    String version,
    String dimension,
    String modelId,
    List<Metric> metrics,
    Map<String, Estimate> estimates,
    Usage usage,
    String incomplete) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when an estimate has no metric
   */
  public BenchmarkResult {
    Objects.requireNonNull(benchmark, "benchmark");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(dimension, "dimension");
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(incomplete, "incomplete");
    metrics = List.copyOf(metrics);
    estimates = ImmutableMap.copyOf(estimates);
    List<String> names = metrics.stream().map(Metric::name).toList();
    for (String name : estimates.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "estimates must belong to a metric but '" + name + "' is none of " + names);
      }
    }
  }

  /**
   * Returns one estimate.
   *
   * @param metric the metric's name
   * @return its estimate
   * @throws IllegalArgumentException when there is no such estimate; the message lists those there
   *     are
   */
  public Estimate estimate(String metric) {
    Estimate estimate = estimates.get(metric);
    if (estimate == null) {
      throw new IllegalArgumentException(
          "metric must be one of " + estimates.keySet() + " but was '" + metric + "'");
    }
    return estimate;
  }
}
