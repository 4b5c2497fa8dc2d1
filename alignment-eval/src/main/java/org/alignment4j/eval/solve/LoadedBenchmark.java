package org.alignment4j.eval.solve;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.data.ReadReport;
import org.apiguardian.api.API;

/**
 * A benchmark made of its parts, whose samples are in memory. Immutable and thread-safe, as its
 * parts are.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LoadedBenchmark implements Benchmark {

  private final String name;
  private final String version;
  private final String dimension;
  private final List<Metric> metrics;
  private final List<Sample> samples;
  private final Solver solver;
  private final Scorer scorer;
  private final Function<List<SampleResult>, Map<String, Estimate>> estimator;
  private final List<ReadReport> reports;
  private final Provenance provenance;
  private final boolean wholeClusters;
  private final Set<String> estimatorOptions;
  private final Set<String> otherScores;
  private final Function<List<SampleResult>, Map<String, Estimate>> quick;

  /**
   * What a benchmark does with samples.
   *
   * @param metrics what is measured, first the most important
   * @param solver how samples are put to a model
   * @param scorer how answers are scored
   * @param estimator what the scores amount to, an estimate by metric name; a pure function
   */
  public record Method(
      List<Metric> metrics,
      Solver solver,
      Scorer scorer,
      Function<List<SampleResult>, Map<String, Estimate>> estimator) {

    /** Checks that nothing is missing, and copies. */
    public Method {
      metrics = List.copyOf(metrics);
      Objects.requireNonNull(solver, "solver");
      Objects.requireNonNull(scorer, "scorer");
      Objects.requireNonNull(estimator, "estimator");
    }
  }

  /**
   * Puts a benchmark together.
   *
   * @param name the benchmark's name
   * @param version the version of the task
   * @param samples the samples
   * @param method what is done with them
   * @param reports how the files were read; their hashes become part of the provenance
   * @param options every option that shapes the answers or their scores, for the provenance; those
   *     of the estimator alone are for {@link #withEstimatorOptions}
   * @throws DataFormatException when files were read but no sample came of them
   * @throws IllegalArgumentException when there is no sample otherwise, or two have one id
   */
  public LoadedBenchmark(
      String name,
      String version,
      List<Sample> samples,
      Method method,
      List<ReadReport> reports,
      Map<String, String> options) {
    this.name = Objects.requireNonNull(name, "name");
    this.version = Objects.requireNonNull(version, "version");
    this.dimension = "general";
    this.samples = List.copyOf(samples);
    this.metrics = method.metrics();
    this.solver = method.solver();
    this.scorer = method.scorer();
    this.estimator = method.estimator();
    this.quick = method.estimator();
    this.reports = List.copyOf(reports);
    this.wholeClusters = false;
    this.estimatorOptions = Set.of();
    this.otherScores = Set.of();
    requireSamples();
    this.provenance = provenance(options);
  }

  private LoadedBenchmark(
      LoadedBenchmark other,
      String dimension,
      boolean wholeClusters,
      Set<String> estimatorOptions,
      Function<List<SampleResult>, Map<String, Estimate>> quick,
      Provenance provenance) {
    this.quick = Objects.requireNonNull(quick, "quick");
    this.name = other.name;
    this.version = other.version;
    this.dimension = Objects.requireNonNull(dimension, "dimension");
    this.wholeClusters = wholeClusters;
    this.samples = other.samples;
    this.metrics = other.metrics;
    this.solver = other.solver;
    this.scorer = other.scorer;
    this.estimator = other.estimator;
    this.reports = other.reports;
    this.estimatorOptions = Set.copyOf(estimatorOptions);
    this.otherScores = other.otherScores;
    this.provenance = provenance;
  }

  private LoadedBenchmark(LoadedBenchmark other, Set<String> otherScores) {
    this.name = other.name;
    this.version = other.version;
    this.dimension = other.dimension;
    this.metrics = other.metrics;
    this.samples = other.samples;
    this.solver = other.solver;
    this.scorer = other.scorer;
    this.estimator = other.estimator;
    this.quick = other.quick;
    this.reports = other.reports;
    this.wholeClusters = other.wholeClusters;
    this.estimatorOptions = other.estimatorOptions;
    this.provenance = other.provenance;
    this.otherScores = Set.copyOf(otherScores);
  }

  /**
   * Returns this benchmark as one of another side of a model.
   *
   * @param side such as {@code factuality}
   * @return the same samples and figures
   */
  public LoadedBenchmark withDimension(String side) {
    return new LoadedBenchmark(this, side, wholeClusters, estimatorOptions, quick, provenance);
  }

  /**
   * Returns this benchmark with samples that mean something only together with those of their
   * cluster; see {@link Benchmark#wholeClusters()}.
   *
   * @return the benchmark
   */
  public LoadedBenchmark inWholeClusters() {
    return new LoadedBenchmark(this, dimension, true, estimatorOptions, quick, provenance);
  }

  /**
   * Returns this benchmark with scores that are no metrics; see {@link Benchmark#otherScores()}.
   *
   * @param names what its scorer scores beside the metrics
   * @return the same samples and figures
   */
  public LoadedBenchmark withOtherScores(Set<String> names) {
    return new LoadedBenchmark(this, names);
  }

  /**
   * Returns this benchmark with options that only its estimator depends on, such as a bootstrap:
   * they are part of the provenance, but what was answered and scored under others is used again.
   *
   * @param options values by name
   * @return the same samples and figures
   * @throws IllegalArgumentException when an option is there already
   */
  public LoadedBenchmark withEstimatorOptions(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(provenance.options());
    Set<String> names = new HashSet<>(estimatorOptions);
    options.forEach(
        (option, value) -> {
          if (all.putIfAbsent(option, value) != null) {
            throw new IllegalArgumentException(
                "an option must be given once but '" + option + "' was given twice");
          }
          names.add(option);
        });
    return new LoadedBenchmark(
        this,
        dimension,
        wholeClusters,
        names,
        quick,
        new Provenance(
            provenance.kind(),
            provenance.name(),
            provenance.hashes(),
            provenance.seeds(),
            all,
            provenance.versions(),
            provenance.device(),
            provenance.parents()));
  }

  /**
   * Returns this benchmark with an estimator that gives the same values and need not give their
   * uncertainty, for {@link Benchmark#figures}.
   *
   * @param values such as the benchmark's own estimator with a bootstrap of few resamples
   * @return the same samples and figures
   */
  public LoadedBenchmark withFigures(Function<List<SampleResult>, Map<String, Estimate>> values) {
    return new LoadedBenchmark(
        this, dimension, wholeClusters, estimatorOptions, values, provenance);
  }

  private void requireSamples() {
    if (samples.isEmpty() && !reports.isEmpty()) {
      throw new DataFormatException(
          reports.get(0).file(),
          0,
          null,
          "%s must have at least one sample but there is none (%s); see that the file is whole"
              .formatted(name, reports.get(0).summary()));
    }
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(name + " must have at least one sample but has none");
    }
    Set<String> ids = new HashSet<>();
    for (Sample sample : samples) {
      if (!ids.add(sample.id())) {
        throw new IllegalArgumentException(
            name + " must have ids that differ but '" + sample.id() + "' occurs twice");
      }
    }
  }

  private Provenance provenance(Map<String, String> options) {
    Map<String, ContentHash> hashes = new LinkedHashMap<>();
    Map<String, String> all = new HashMap<>(options);
    for (ReadReport report : reports) {
      String file = fileName(report.file());
      report.sha256().ifPresent(hex -> hashes.put(file, new ContentHash(hex)));
      if (report.skippedRows() > 0) {
        all.merge(
            "skippedRows " + file,
            Long.toString(report.skippedRows()),
            (a, b) -> Long.toString(Long.parseLong(a) + Long.parseLong(b)));
      }
    }
    return new Provenance(
        "dataset", name, hashes, Map.of(), all, Map.of(name, version), "", List.of());
  }

  /** Where a file lies says nothing about its content. */
  private static String fileName(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  /**
   * Returns how the files were read: the rows left out, with file and line.
   *
   * @return a report for each file, or each part of a file
   */
  public List<ReadReport> reports() {
    return reports;
  }

  /**
   * Returns the number of samples.
   *
   * @return at least 1
   */
  public int size() {
    return samples.size();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String dimension() {
    return dimension;
  }

  @Override
  public List<Metric> metrics() {
    return metrics;
  }

  @Override
  public Stream<Sample> samples() {
    return samples.stream();
  }

  @Override
  public boolean wholeClusters() {
    return wholeClusters;
  }

  @Override
  public Solver solver() {
    return solver;
  }

  @Override
  public Scorer scorer() {
    return scorer;
  }

  @Override
  public Set<String> otherScores() {
    return otherScores;
  }

  @Override
  public Set<String> estimatorOptions() {
    return estimatorOptions;
  }

  @Override
  public Map<String, Estimate> estimate(List<SampleResult> results) {
    return estimator.apply(results);
  }

  @Override
  public Map<String, Double> figures(List<SampleResult> results) {
    Map<String, Double> figures = new LinkedHashMap<>();
    quick.apply(results).forEach((name, estimate) -> figures.put(name, estimate.value()));
    return figures;
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String toString() {
    return name + " (version " + version + ", " + samples.size() + " samples)";
  }
}
