package org.alignment4j.eval.history;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.record.RunKey;
import org.apiguardian.api.API;

/**
 * An evaluation of an {@link EvaluationArchive}.
 *
 * @param label what it was filed under
 * @param at when it was made
 * @param outcomes how each model did on each benchmark; without samples where only figures were
 *     asked for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ArchivedEvaluation(String label, Instant at, List<BenchmarkOutcome> outcomes) {

  /** Checks that nothing is missing, and copies. */
  public ArchivedEvaluation {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(at, "at");
    outcomes = List.copyOf(outcomes);
  }

  /** Returns the models, in order. */
  public List<String> models() {
    return outcomes.stream().map(o -> o.model()).distinct().toList();
  }

  /**
   * Returns the outcomes of one model, in the order of the benchmarks.
   *
   * @throws IllegalArgumentException when the model is not in it; the message lists those that are
   */
  public List<BenchmarkOutcome> of(String model) {
    List<BenchmarkOutcome> own = outcomes.stream().filter(o -> o.model().equals(model)).toList();
    if (own.isEmpty()) {
      throw new IllegalArgumentException(
          "the model must be one of evaluation '"
              + label
              + "', "
              + models().stream().collect(Collectors.joining("', '", "'", "'"))
              + ", but was '"
              + model
              + "'");
    }
    return own;
  }

  /**
   * Returns this evaluation with the benchmarks that its figures come from: comparisons can then
   * test those that are not means of the samples' scores. A benchmark goes to the outcomes of its
   * name and version that were made from the same files; other outcomes stay as they are.
   *
   * @param benchmarks those at hand
   */
  public ArchivedEvaluation with(List<Benchmark> benchmarks) {
    return new ArchivedEvaluation(
        label,
        at,
        outcomes.stream()
            .map(
                o ->
                    benchmarks.stream()
                        .filter(b -> isOf(b, o.key()))
                        .findFirst()
                        .map(o::of)
                        .orElse(o))
            .toList());
  }

  private static boolean isOf(Benchmark benchmark, RunKey key) {
    return benchmark.name().equals(key.benchmark())
        && benchmark.version().equals(key.version())
        && benchmark.provenance().hashes().entrySet().stream()
            .allMatch(
                hash ->
                    hash.getValue().hex().equals(key.parameters().get("hash " + hash.getKey())));
  }
}
