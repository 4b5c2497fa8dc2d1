package org.alignment4j.eval;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.record.RunKey;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How one model did on one benchmark, with the scores of each sample, which comparisons need.
 *
 * @param result the figures
 * @param key what was run
 * @param samples results of the finished samples, in the order of the benchmark
 * @param failed finished samples that have no answer or lack a score because a call failed
 * @param missing samples that the run ended before; {@code result.incomplete()} says why
 * @param records the file with what was asked and answered; empty when there was no run folder
 * @param usageByRole what {@code result.usage()} is the sum of, by role: {@link Evaluation#TARGET}
 *     and those of models that the scorer asks, such as {@link
 *     org.alignment4j.api.evaluation.JudgingScorer#JUDGE}
 * @param reduction what the scores of a sample in several epochs come to; empty without epochs
 * @param benchmark what the figures are made by; empty when it is not at hand, as of outcomes from
 *     an archive; outcomes that differ in it alone are equal
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BenchmarkOutcome(
    BenchmarkResult result,
    RunKey key,
    List<SampleResult> samples,
    long failed,
    long missing,
    Optional<Path> records,
    Map<String, Usage> usageByRole,
    Optional<EpochReduction> reduction,
    Optional<Benchmark> benchmark) {

  /** Checks that nothing is missing, and copies. */
  public BenchmarkOutcome {
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(records, "records");
    Objects.requireNonNull(reduction, "reduction");
    Objects.requireNonNull(benchmark, "benchmark");
    samples = List.copyOf(samples);
    usageByRole = ImmutableMap.copyOf(usageByRole);
  }

  /** An outcome without epochs whose scorer asked no model. */
  public BenchmarkOutcome(
      BenchmarkResult result,
      RunKey key,
      List<SampleResult> samples,
      long failed,
      long missing,
      Optional<Path> records) {
    this(
        result,
        key,
        samples,
        failed,
        missing,
        records,
        Map.of(Evaluation.TARGET, result.usage()),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns this outcome with the benchmark that its figures come from, such as one that was read
   * from an archive: comparisons can then test figures that are not means of the samples' scores.
   *
   * @param from of the outcome's name and version
   * @throws IllegalArgumentException when it is another benchmark
   */
  public BenchmarkOutcome of(Benchmark from) {
    if (!from.name().equals(key.benchmark()) || !from.version().equals(key.version())) {
      throw new IllegalArgumentException(
          "the benchmark must be '"
              + key.benchmark()
              + "' in version "
              + key.version()
              + " but was '"
              + from.name()
              + "' in version "
              + from.version());
    }
    return new BenchmarkOutcome(
        result, key, samples, failed, missing, records, usageByRole, reduction, Optional.of(from));
  }

  /** Whether what was found is the same; the benchmark is what it was found by. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BenchmarkOutcome that
        && result.equals(that.result)
        && key.equals(that.key)
        && samples.equals(that.samples)
        && failed == that.failed
        && missing == that.missing
        && records.equals(that.records)
        && usageByRole.equals(that.usageByRole)
        && reduction.equals(that.reduction);
  }

  @Override
  public int hashCode() {
    return Objects.hash(result, key, samples, failed, missing, records, usageByRole, reduction);
  }

  /** Returns the model's name in the evaluation; its identity unless it was given another. */
  public String model() {
    return result.modelId();
  }

  /**
   * Returns one result for each sample: what its epochs come to, where it was solved in several.
   */
  public List<SampleResult> reduced() {
    return reduction.map(how -> Epochs.reduce(samples, how)).orElse(samples);
  }

  /** Whether every sample was tried to the end; failed ones count as tried. */
  public boolean complete() {
    return missing == 0;
  }

  /** Samples that a judge or a parser gave no verdict on, on one metric or more. */
  public long unscored() {
    return samples.stream()
        .filter(s -> s.scores().values().stream().anyMatch(Score.Unscored.class::isInstance))
        .count();
  }

  /**
   * Returns in a word whether the figures rest on all samples.
   *
   * @return {@code COMPLETE}, or such as {@code INCOMPLETE(budget: tokens)}
   */
  public String status() {
    return complete() ? "COMPLETE" : "INCOMPLETE(" + result.incomplete() + ")";
  }
}
