package org.alignment4j.eval;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.EvaluationReport;
import org.apiguardian.api.API;

/**
 * What an evaluation came to.
 *
 * @param report the figures, and where they come from
 * @param outcomes the same figures with the scores of each sample, in the same order
 * @param spent money, by the price table that was given; of earlier runs that this one went on from
 *     too
 * @param elapsed how long this run took
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EvaluationRun(
    EvaluationReport report, List<BenchmarkOutcome> outcomes, double spent, Duration elapsed) {

  /** Checks that nothing is missing, and copies. */
  public EvaluationRun {
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(elapsed, "elapsed");
    outcomes = List.copyOf(outcomes);
  }

  /** Whether every sample was tried to the end; failed ones count as tried. */
  public boolean complete() {
    return outcomes.stream().allMatch(BenchmarkOutcome::complete);
  }

  /**
   * Returns the outcomes of one model, in the order of the benchmarks; none when it was not run.
   */
  public List<BenchmarkOutcome> of(String model) {
    return outcomes.stream().filter(o -> o.model().equals(model)).toList();
  }

  /**
   * Returns how a model did on a benchmark.
   *
   * @param benchmark the benchmark's name
   * @param model the model's identity
   * @throws IllegalArgumentException when that was not run; the message lists what was
   */
  public BenchmarkOutcome outcome(String benchmark, String model) {
    return outcomes.stream()
        .filter(o -> o.key().benchmark().equals(benchmark) && o.model().equals(model))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "benchmark and model must be among those that were run, "
                        + outcomes.stream()
                            .map(o -> "'" + o.key().benchmark() + "' by '" + o.model() + "'")
                            .collect(Collectors.joining(", "))
                        + ", but were '"
                        + benchmark
                        + "' and '"
                        + model
                        + "'"));
  }
}
