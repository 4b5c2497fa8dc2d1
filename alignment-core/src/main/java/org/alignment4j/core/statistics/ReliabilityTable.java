package org.alignment4j.core.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How often answers of a given confidence are right (DeGroot and Fienberg 1983), and the
 * calibration errors that follow from it. Immutable and thread-safe.
 *
 * <p>The errors are plug-in figures: even a perfectly calibrated model has a positive one, the more
 * bins and the fewer answers the larger. Below about 300 answers a ten-bin error says little.
 *
 * @param binning how the bins were made; belongs beside the errors wherever they are shown
 * @param bins in ascending order, empty ones included
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record ReliabilityTable(Binning binning, List<Bin> bins) {

  /** Copies the list. */
  public ReliabilityTable {
    bins = List.copyOf(bins);
  }

  /**
   * One bin of confidences in {@code (low, high]}, the first with its lower edge.
   *
   * @param low lower edge
   * @param high upper edge
   * @param n answers in the bin
   * @param meanConfidence their mean confidence; NaN of an empty bin
   * @param accuracy share of right answers with Wilson's interval; NaN of an empty bin
   */
  public record Bin(double low, double high, long n, double meanConfidence, Estimate accuracy) {

    /** Distance of accuracy and mean confidence; 0 of an empty bin. */
    double gap() {
      return n == 0 ? 0 : Math.abs(accuracy.value() - meanConfidence);
    }
  }

  /**
   * Returns the table of some answers, with intervals at level 0.95.
   *
   * @param confidences probability in [0, 1] that the model gave its answer
   * @param correct whether the answer was right
   * @param binning how the bins are made
   * @return with no bin when there is no answer
   * @throws IllegalArgumentException if the lengths differ or a confidence is NaN or outside [0,
   *     1], named by its index
   */
  public static ReliabilityTable of(double[] confidences, boolean[] correct, Binning binning) {
    Checks.requireSameLength("confidences", confidences.length, "correct", correct.length);
    double[] outcomes = new double[correct.length];
    Arrays.setAll(outcomes, i -> correct[i] ? 1 : 0);
    return of(confidences, outcomes, binning);
  }

  /**
   * Returns the table of answers that may be right only in part or with a probability, such as
   * those of {@link PairwiseAccuracy#outcomes}.
   *
   * @param confidences probability in [0, 1] that the model gave its answer
   * @param outcomes from 0, wrong, to 1, right
   * @param binning how the bins are made
   * @return with no bin when there is no answer
   * @throws IllegalArgumentException if the lengths differ or a confidence or an outcome is NaN or
   *     outside [0, 1], named by its index
   */
  public static ReliabilityTable of(double[] confidences, double[] outcomes, Binning binning) {
    Checks.requireProbabilities("confidences", confidences);
    Checks.requireProbabilities("outcomes", outcomes);
    Checks.requireSameLength("confidences", confidences.length, "outcomes", outcomes.length);
    if (confidences.length == 0) {
      return new ReliabilityTable(binning, List.of());
    }
    double[] sorted = confidences.clone();
    Arrays.sort(sorted);
    double[] edges = binning.edges(sorted);
    int count = edges.length - 1;
    double[] sums = new double[count];
    long[] n = new long[count];
    double[] right = new double[count];
    for (int i = 0; i < confidences.length; i++) {
      int bin = bin(edges, confidences[i]);
      sums[bin] += confidences[i];
      n[bin]++;
      right[bin] += outcomes[i];
    }
    List<Bin> bins = new ArrayList<>(count);
    for (int b = 0; b < count; b++) {
      Estimate accuracy = Estimates.share(right[b], n[b], Estimates.DEFAULT_CONFIDENCE);
      bins.add(new Bin(edges[b], edges[b + 1], n[b], sums[b] / n[b], accuracy));
    }
    return new ReliabilityTable(binning, bins);
  }

  /**
   * Returns the expected calibration error {@code Σ_b n_b/n · |accuracy_b − confidence_b|} (Naeini
   * et al. 2015); NaN of no answers, and 0 from empty bins.
   */
  public double expectedError() {
    double sum = 0;
    long n = 0;
    for (Bin bin : bins) {
      sum += bin.n() * bin.gap();
      n += bin.n();
    }
    return sum / n;
  }

  /**
   * Returns the maximum calibration error {@code max_b |accuracy_b − confidence_b|} over the bins
   * that are not empty (Naeini et al. 2015); NaN of no answers. A bin of a few answers can decide
   * it alone.
   */
  public double maximumError() {
    return bins.stream().mapToDouble(Bin::gap).max().orElse(Double.NaN);
  }

  /**
   * Returns the {@linkplain #expectedError() expected calibration error} with a bootstrap interval.
   * Bins are made anew for each resample.
   *
   * <p>Resampled errors lie above the error as that lies above the true one, since noise in the
   * bins only ever adds: percentiles would move the interval further up. It is the basic interval
   * instead (Davison and Hinkley 1997, Bootstrap Methods and their Application, section 5.2), from
   * twice the error less the upper percentile to twice the error less the lower one, inside [0, 1]
   * and widened to contain the error.
   *
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException as {@link #of}
   */
  public static Bootstrap.Result expectedError(
      double[] confidences, boolean[] correct, Binning binning, Bootstrap bootstrap) {
    int[] each = new int[confidences.length];
    Arrays.setAll(each, i -> i);
    return expectedError(confidences, correct, each, binning, bootstrap);
  }

  /**
   * Returns the {@linkplain #expectedError() expected calibration error} with the interval of the
   * form without clusters, over whole clusters of answers.
   *
   * @param clusters the cluster of each answer, any numbers
   * @param bootstrap how the interval is drawn
   * @throws IllegalArgumentException as {@link #of}, or if there is not a cluster for each answer
   */
  public static Bootstrap.Result expectedError(
      double[] confidences,
      boolean[] correct,
      int[] clusters,
      Binning binning,
      Bootstrap bootstrap) {
    Checks.requireProbabilities("confidences", confidences);
    Checks.requireSameLength("confidences", confidences.length, "correct", correct.length);
    Checks.requireSameLength("confidences", confidences.length, "clusters", clusters.length);
    Bootstrap.Result percentiles =
        bootstrap.of(
            clusters,
            items ->
                of(Selection.of(confidences, items), Selection.of(correct, items), binning)
                    .expectedError());
    return new Bootstrap.Result(
        reflected(percentiles.estimate()), percentiles.undefinedResamples());
  }

  private static Estimate reflected(Estimate e) {
    if (Double.isNaN(e.ciLow())) {
      return e;
    }
    double low = Math.max(0, 2 * e.value() - e.ciHigh());
    double high = Math.min(1, 2 * e.value() - e.ciLow());
    return new Estimate(
        e.value(),
        e.standardError(),
        Math.min(e.value(), low),
        Math.max(e.value(), high),
        e.confidence(),
        e.n(),
        e.clusters(),
        e.unscored(),
        e.failed());
  }

  /** The bin whose half-open range contains a confidence. */
  static int bin(double[] edges, double confidence) {
    int found = Arrays.binarySearch(edges, confidence);
    return Math.max(0, (found >= 0 ? found : -found - 1) - 1);
  }
}
