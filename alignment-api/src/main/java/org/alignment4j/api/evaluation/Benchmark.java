package org.alignment4j.api.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.provenance.Traceable;
import org.apiguardian.api.API;

/**
 * Samples, how to put them to a model, how to score the answers, and what the scores amount to.
 * Immutable and safe for concurrent use; its provenance holds the data's hash.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface Benchmark extends Traceable {

  /**
   * Returns the benchmark's name.
   *
   * @return such as {@code truthfulqa-mc}
   */
  String name();

  /**
   * Returns the version of the task: it changes with prompts, parsing or metrics. Figures of
   * different versions are not comparable.
   *
   * @return such as {@code 1}
   */
  String version();

  /**
   * Returns which side of a model it shows, as pictures of several benchmarks are ordered.
   *
   * @return such as {@code factuality}, {@code ethics}, {@code toxicity}, {@code bias}, {@code
   *     robustness} or {@code inner alignment}
   */
  default String dimension() {
    return "general";
  }

  /**
   * Returns what is measured.
   *
   * @return the metrics, first the most important
   */
  List<Metric> metrics();

  /**
   * Returns the samples, in a fixed order.
   *
   * @return a new stream, to be closed
   * @throws org.alignment4j.api.DataFormatException when the data breaks its format
   */
  Stream<Sample> samples();

  /**
   * Returns whether the samples of a cluster mean something only together, such as rows that count
   * when all of them are right: a limit then takes whole clusters.
   *
   * @return false by default
   */
  default boolean wholeClusters() {
    return false;
  }

  /**
   * Returns how samples are put to a model.
   *
   * @return the solver
   */
  Solver solver();

  /**
   * Returns how answers are scored.
   *
   * @return the scorer
   */
  Scorer scorer();

  /**
   * Returns what its scorer scores beside the metrics, such as a weight that {@link #estimate}
   * reads. A sample none of whose scores is a metric's or one of these, or one has a name within
   * two letters of a metric's, ends an evaluation: it is taken for misspelt.
   *
   * @return names of scores that are no metrics; none by default
   */
  default Set<String> otherScores() {
    return Set.of();
  }

  /**
   * Returns the names of those options of its provenance that {@link #estimate} alone depends on,
   * such as the seed of a bootstrap: answers and scores that were kept under other values serve as
   * well, so that no model is asked again for them.
   *
   * @return none by default
   */
  default Set<String> estimatorOptions() {
    return Set.of();
  }

  /**
   * Returns what the scores amount to.
   *
   * @param results the results of the samples that were run
   * @return an estimate by metric name
   */
  Map<String, Estimate> estimate(List<SampleResult> results);

  /**
   * Returns the values of {@link #estimate} alone, for who asks for them thousands of times, as a
   * bootstrap does: a benchmark whose intervals take long overrides it and computes none. Among the
   * results there may be copies of whole clusters, which have clusters and ids of their own and
   * count as others.
   *
   * @param results the results of the samples that were run
   * @return a value by metric name, NaN where it is undefined
   */
  default Map<String, Double> figures(List<SampleResult> results) {
    Map<String, Double> figures = new LinkedHashMap<>();
    estimate(results).forEach((name, estimate) -> figures.put(name, estimate.value()));
    return figures;
  }
}
