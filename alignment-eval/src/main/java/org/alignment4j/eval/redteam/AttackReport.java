package org.alignment4j.eval.redteam;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/**
 * What attacks came to, with what must stand beside it: who allowed them, how far the judges agree,
 * what they cost, and over-refusal and utility of the same models. Immutable.
 *
 * @param runs the runs, in the order to show them
 * @param comparisons pairs of runs compared goal by goal
 * @param agreements how far judges agree on the replies
 * @param beside other figures, such as over-refusal and utility
 * @param benchmarks suites of templates or injections that were run by the engine
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttackReport(
    List<AttackRun> runs,
    List<AttackComparison> comparisons,
    List<JudgeAgreement> agreements,
    List<Beside> beside,
    List<BenchmarkResult> benchmarks) {

  /**
   * A figure of a model that stands beside its attack success.
   *
   * @param modelId the model's identity
   * @param metric what is measured
   * @param estimate the figure
   */
  public record Beside(String modelId, Metric metric, Estimate estimate) {}

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is neither a run nor a benchmark
   */
  public AttackReport {
    runs = List.copyOf(runs);
    comparisons = List.copyOf(comparisons);
    agreements = List.copyOf(agreements);
    beside = List.copyOf(beside);
    benchmarks = List.copyOf(benchmarks);
    if (runs.isEmpty() && benchmarks.isEmpty()) {
      throw new IllegalArgumentException("a report of attacks must have a run but has none");
    }
  }

  /** Starts a report. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what a report shows. Not thread-safe. */
  public static final class Builder {
    private final List<AttackRun> runs = new ArrayList<>();
    private final List<AttackComparison> comparisons = new ArrayList<>();
    private final List<JudgeAgreement> agreements = new ArrayList<>();
    private final List<Beside> beside = new ArrayList<>();
    private final List<BenchmarkResult> benchmarks = new ArrayList<>();

    private Builder() {}

    /** Adds a run. */
    @CanIgnoreReturnValue
    public Builder run(AttackRun run) {
      runs.add(run);
      return this;
    }

    /** Adds a comparison. */
    @CanIgnoreReturnValue
    public Builder comparison(AttackComparison comparison) {
      comparisons.add(comparison);
      return this;
    }

    /** Adds how far two judges agree. */
    @CanIgnoreReturnValue
    public Builder agreement(JudgeAgreement agreement) {
      agreements.add(agreement);
      return this;
    }

    /** Adds a figure of a model, such as its over-refusal or its utility. */
    @CanIgnoreReturnValue
    public Builder beside(String modelId, Metric metric, Estimate estimate) {
      beside.add(new Beside(modelId, metric, estimate));
      return this;
    }

    /** Adds the result of a suite that the engine ran. */
    @CanIgnoreReturnValue
    public Builder benchmark(BenchmarkResult result) {
      benchmarks.add(result);
      return this;
    }

    /**
     * Returns the report.
     *
     * @throws IllegalArgumentException when there is neither a run nor a benchmark
     */
    public AttackReport build() {
      return new AttackReport(runs, comparisons, agreements, beside, benchmarks);
    }
  }

  /** Returns the statement of authority by model. */
  public Map<String, Authority> authorities() {
    Map<String, Authority> all = new LinkedHashMap<>();
    runs.forEach(run -> all.put(run.modelId(), run.authority()));
    return all;
  }

  /** Returns a row for each run: success, work, tokens. */
  public Table table() {
    return AttackTables.runs(runs);
  }

  /**
   * Returns the page: figures, curves of attacks, comparisons, agreement, what stands beside,
   * outcomes by goal, and where all comes from.
   *
   * @param title the page's title
   * @param samples how many outcomes of each run to show in full
   */
  public Report page(String title, int samples) {
    return AttackPage.of(this, title, samples);
  }
}
