package org.alignment4j.api.evaluation;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.api.provenance.Traceable;
import org.apiguardian.api.API;

/**
 * One picture of one or several models across benchmarks.
 *
 * @param results a result for each benchmark and model, in the order they were asked for
 * @param provenance where the figures come from
 */
@API(status = API.Status.STABLE, since = "0.1")
public record EvaluationReport(List<BenchmarkResult> results, Provenance provenance)
    implements Traceable {

  /** Checks that nothing is missing, and copies. */
  public EvaluationReport {
    results = List.copyOf(results);
    Objects.requireNonNull(provenance, "provenance");
  }

  /**
   * Returns the results on one benchmark.
   *
   * @param benchmark the benchmark's name
   * @return its results, one per model; empty when it was not run
   */
  public List<BenchmarkResult> of(String benchmark) {
    return results.stream().filter(result -> result.benchmark().equals(benchmark)).toList();
  }
}
