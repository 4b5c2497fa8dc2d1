package org.alignment4j.eval.solve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * The scores of one metric over samples, with the samples' clusters and how many samples have none.
 * Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MetricScores {

  private final List<SampleResult> scored;
  private final double[] values;
  private final long unscored;
  private final long failed;

  private MetricScores(List<SampleResult> scored, double[] values, long unscored, long failed) {
    this.scored = List.copyOf(scored);
    this.values = values;
    this.unscored = unscored;
    this.failed = failed;
  }

  /**
   * Gathers the scores of a metric.
   *
   * @param results what the samples came to
   * @param metric the metric's name; samples without it are passed over
   * @return its scores
   */
  public static MetricScores of(List<SampleResult> results, String metric) {
    return of(results, metric, result -> true);
  }

  /**
   * Gathers the scores of a metric over some of the samples.
   *
   * @param results what the samples came to
   * @param metric the metric's name; samples without it are passed over
   * @param which which samples; the metric of a sample whose call failed may be one that does not
   *     apply to it, so that what applies must be told here
   * @return its scores
   */
  public static MetricScores of(
      List<SampleResult> results, String metric, Predicate<SampleResult> which) {
    List<SampleResult> scored = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    long unscored = 0;
    long failed = 0;
    for (SampleResult result : results) {
      Score score = which.test(result) ? result.scores().get(metric) : null;
      if (score instanceof Score.Scored value) {
        scored.add(result);
        values.add(value.value());
      } else if (score instanceof Score.Unscored) {
        unscored++;
      } else if (score instanceof Score.Failed) {
        failed++;
      }
    }
    double[] array = values.stream().mapToDouble(Double::doubleValue).toArray();
    return new MetricScores(scored, array, unscored, failed);
  }

  /**
   * Returns the samples that have a value.
   *
   * @return their results, in the order of {@link #values()}
   */
  public List<SampleResult> scored() {
    return scored;
  }

  /**
   * Returns the values.
   *
   * @return a new array
   */
  public double[] values() {
    return values.clone();
  }

  /**
   * Returns the number of each value's cluster.
   *
   * @return numbers from 0 in the order of first appearance, in the order of {@link #values()}
   * @throws IllegalArgumentException when a sample names no cluster
   */
  public int[] clusters() {
    Map<String, Integer> numbers = new HashMap<>();
    int[] clusters = new int[scored.size()];
    for (int i = 0; i < clusters.length; i++) {
      SampleResult result = scored.get(i);
      if (result.cluster().isBlank()) {
        throw new IllegalArgumentException(
            "a sample must name its cluster, its own id when it stands alone, but '"
                + result.sampleId()
                + "' names none");
      }
      clusters[i] = numbers.computeIfAbsent(result.cluster(), name -> numbers.size());
    }
    return clusters;
  }

  /**
   * Returns the mean with a standard error clustered as the samples are.
   *
   * @return the mean; NaN with {@code n = 0} of nothing
   * @throws IllegalArgumentException when a sample names no cluster
   */
  public Estimate mean() {
    return withMissing(Estimates.clusteredMean(values, clusters()));
  }

  /**
   * Returns the mean of scores that are known to lie within a range, with an interval inside it,
   * clustered as the samples are: where both ends are finite, scores that do not vary have one too.
   *
   * @param least least possible score, or −∞
   * @param greatest greatest possible score, or ∞
   * @return the mean; NaN with {@code n = 0} of nothing
   * @throws IllegalArgumentException when a sample names no cluster or a value is outside the range
   * @see Estimates#boundedMean(double[], int[], double, double)
   */
  public Estimate mean(double least, double greatest) {
    if (Double.isFinite(least) && Double.isFinite(greatest)) {
      return withMissing(Estimates.boundedMean(values, clusters(), least, greatest));
    }
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= least && values[i] <= greatest)) {
        throw new IllegalArgumentException(
            "scores must be from "
                + least
                + " to "
                + greatest
                + " but that of '"
                + scored.get(i).sampleId()
                + "' was "
                + values[i]);
      }
    }
    return Estimates.inRange(mean(), least, greatest);
  }

  /**
   * Returns the mean with an interval of values that the metric can take, clustered as the samples
   * are.
   *
   * @param metric tells the {@linkplain Metric#least() least} and the {@linkplain Metric#greatest()
   *     greatest} value
   * @return the mean; NaN with {@code n = 0} of nothing
   * @throws IllegalArgumentException when a sample names no cluster or a value is outside the range
   */
  public Estimate mean(Metric metric) {
    return mean(metric.least(), metric.greatest());
  }

  /**
   * Returns the share of outcomes from 0 to 1, with Wilson's interval, clustered as the samples
   * are.
   *
   * @return the share; NaN with {@code n = 0} of nothing
   * @throws IllegalArgumentException when a sample names no cluster or a value is outside [0, 1]
   */
  public Estimate proportion() {
    return withMissing(Estimates.clusteredProportion(values, clusters()));
  }

  /**
   * Returns an estimate that also tells how many samples had no verdict and how many failed.
   *
   * @param estimate made of these values
   * @return the estimate with the counts added
   */
  public Estimate withMissing(Estimate estimate) {
    return Estimates.withMissing(estimate, unscored, failed);
  }
}
