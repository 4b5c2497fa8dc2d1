package org.alignment4j.core.statistics;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * Mean squared error of probabilities (Brier 1950); lower is better. Intervals are those of {@link
 * Estimates#mean} inside the range of the score; where all items have the same error, which does
 * not show how far others may lie, {@linkplain Estimates#proportion(double[]) Wilson's} at their
 * share of that range. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class BrierScore {

  private BrierScore() {}

  /**
   * Returns the binary score, the mean of {@code (p − y)²}, in [0, 1]; always answering ½ gives ¼.
   *
   * @param probabilities of the event, in [0, 1]
   * @param outcomes whether it happened
   * @throws IllegalArgumentException if the lengths differ or a probability is NaN or outside [0,
   *     1], named by its index
   */
  public static Estimate binary(double[] probabilities, boolean[] outcomes) {
    return Estimates.bounded(
        squaredErrors(probabilities, outcomes), 1, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * Returns the multi-class score, the mean of {@code Σ_k (p_k − 1[k = label])²}, in [0, 2]: twice
   * the binary score for two classes.
   *
   * @param probabilities {@code [items][classes]}, each row summing to 1 within 1e-6
   * @param labels the class of each item, from 0
   * @throws IllegalArgumentException if the lengths differ, a row is not a distribution or a label
   *     is not a class, named by its index
   */
  public static Estimate multiclass(double[][] probabilities, int[] labels) {
    Checks.requireSameLength("probabilities", probabilities.length, "labels", labels.length);
    double[] errors = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      double[] row = probabilities[i];
      Checks.requireProbabilities("probabilities[" + i + "]", row);
      Checks.requireLabel(i, labels[i], row.length);
      double sum = Arrays.stream(row).sum();
      if (Math.abs(sum - 1) > 1e-6) {
        throw new IllegalArgumentException(
            "probabilities[" + i + "] must sum to 1 but sum to " + sum);
      }
      for (int k = 0; k < row.length; k++) {
        double error = row[k] - (k == labels[i] ? 1 : 0);
        errors[i] += error * error;
      }
    }
    return Estimates.bounded(errors, 2, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * The parts of a binary score (Murphy 1973; Stephenson et al. 2008 for bins): {@code score =
   * reliability − resolution + uncertainty + withinBins}.
   *
   * @param reliability mean squared distance of confidence and frequency over the bins; 0 is
   *     perfectly calibrated
   * @param resolution mean squared distance of the bins' frequencies from the overall one; higher
   *     is better
   * @param uncertainty variance of the outcomes, the score of always answering their frequency
   * @param withinBins variance of the probabilities within the bins less twice their covariance
   *     with the outcomes; 0 when each bin has one probability
   */
  public record Decomposition(
      double reliability, double resolution, double uncertainty, double withinBins) {

    /** The binary score, the sum of the parts. */
    public double score() {
      return reliability - resolution + uncertainty + withinBins;
    }
  }

  /**
   * Returns the parts of the {@linkplain #binary binary score}.
   *
   * @param binning which probabilities are taken together
   * @throws IllegalArgumentException if the lengths differ, there is no item, or a probability is
   *     NaN or outside [0, 1], named by its index
   */
  public static Decomposition decompose(
      double[] probabilities, boolean[] outcomes, Binning binning) {
    Checks.requireSome("probabilities", probabilities.length);
    double score = Moments.mean(squaredErrors(probabilities, outcomes));
    double n = probabilities.length;
    double base = Moments.count(outcomes) / n;
    double reliability = 0;
    double resolution = 0;
    for (ReliabilityTable.Bin bin : ReliabilityTable.of(probabilities, outcomes, binning).bins()) {
      if (bin.n() > 0) {
        double frequency = bin.accuracy().value();
        reliability += bin.n() / n * bin.gap() * bin.gap();
        resolution += bin.n() / n * (frequency - base) * (frequency - base);
      }
    }
    double uncertainty = base * (1 - base);
    double rest = score - (reliability - resolution + uncertainty);
    return new Decomposition(reliability, resolution, uncertainty, rest);
  }

  private static double[] squaredErrors(double[] probabilities, boolean[] outcomes) {
    Checks.requireProbabilities("probabilities", probabilities);
    Checks.requireSameLength("probabilities", probabilities.length, "outcomes", outcomes.length);
    double[] errors = new double[probabilities.length];
    for (int i = 0; i < errors.length; i++) {
      double error = probabilities[i] - (outcomes[i] ? 1 : 0);
      errors[i] = error * error;
    }
    return errors;
  }
}
