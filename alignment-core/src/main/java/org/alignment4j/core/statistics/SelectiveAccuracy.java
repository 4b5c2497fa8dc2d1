package org.alignment4j.core.statistics;

import java.util.Arrays;
import java.util.Comparator;
import org.apiguardian.api.API;

/**
 * Accuracy of a model that answers only where it is most confident: the accuracy–coverage curve and
 * its complement, risk–coverage (El-Yaniv and Wiener 2010; Geifman et al. 2019). Among equally
 * confident answers the expected value over their orders counts, not the order of the file.
 * Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class SelectiveAccuracy {

  /** Accuracy of the k+1 most confident answers. */
  private final double[] accuracies;

  private SelectiveAccuracy(double[] accuracies) {
    this.accuracies = accuracies;
  }

  /**
   * Returns the curve of some answers.
   *
   * @param confidences any finite scores, higher is more confident
   * @param correct whether the answer was right
   * @throws IllegalArgumentException if the lengths differ, there is no answer or a confidence is
   *     not finite, named by its index
   */
  public static SelectiveAccuracy of(double[] confidences, boolean[] correct) {
    Checks.requireFinite("confidences", confidences);
    Checks.requireSameLength("confidences", confidences.length, "correct", correct.length);
    Checks.requireSome("confidences", confidences.length);
    return curve(confidences, correct);
  }

  private static SelectiveAccuracy curve(double[] confidences, boolean[] correct) {
    int n = confidences.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -confidences[i]));
    double[] accuracies = new double[n];
    double right = 0;
    for (int start = 0; start < n; ) {
      int end = start;
      double inTie = 0;
      while (end < n && confidences[order[end]] == confidences[order[start]]) {
        inTie += correct[order[end]] ? 1 : 0;
        end++;
      }
      for (int k = start; k < end; k++) {
        accuracies[k] = (right + inTie * (k + 1 - start) / (end - start)) / (k + 1);
      }
      right += inTie;
      start = end;
    }
    return new SelectiveAccuracy(accuracies);
  }

  /** Returns the number of answers. */
  public int n() {
    return accuracies.length;
  }

  /** Returns the accuracy of the 1, 2, …, n most confident answers; a copy. */
  public double[] accuracies() {
    return accuracies.clone();
  }

  /**
   * Returns the accuracy of the most confident answers.
   *
   * @param coverage share of the answers in (0, 1], such as 0.1; their number is rounded up
   * @throws IllegalArgumentException if the coverage is outside (0, 1]
   */
  public double at(double coverage) {
    if (!(coverage > 0 && coverage <= 1)) {
      throw new IllegalArgumentException("coverage must be in (0, 1] but was " + coverage);
    }
    int k = (int) Math.ceil(coverage * accuracies.length - 1e-9);
    return accuracies[Math.max(1, k) - 1];
  }

  /** Returns the area under the accuracy–coverage curve, the mean of all {@link #accuracies()}. */
  public double area() {
    return Moments.mean(accuracies);
  }

  /** Returns the area under the risk–coverage curve, {@code 1 − area}; lower is better. */
  public double riskArea() {
    return 1 - area();
  }

  /**
   * Returns the {@linkplain #at accuracy at a coverage} with a bootstrap interval.
   *
   * @throws IllegalArgumentException as {@link #of} and {@link #at}
   */
  public static Bootstrap.Result at(
      double[] confidences, boolean[] correct, double coverage, Bootstrap bootstrap) {
    of(confidences, correct).at(coverage);
    return bootstrap.of(
        correct.length, items -> resampled(confidences, correct, items).at(coverage));
  }

  /**
   * Returns the {@linkplain #area() area} with a bootstrap interval.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static Bootstrap.Result area(
      double[] confidences, boolean[] correct, Bootstrap bootstrap) {
    of(confidences, correct);
    return bootstrap.of(correct.length, items -> resampled(confidences, correct, items).area());
  }

  private static SelectiveAccuracy resampled(double[] confidences, boolean[] correct, int[] items) {
    return curve(Selection.of(confidences, items), Selection.of(correct, items));
  }
}
