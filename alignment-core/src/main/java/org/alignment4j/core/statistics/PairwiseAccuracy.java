package org.alignment4j.core.statistics;

import java.util.Arrays;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How often a score puts the better of two answers first, as reward models are judged by held-out
 * preferences. A label that is right with probability p is met with p by a higher score of the
 * first answer and with 1 − p by a higher score of the second: the figure is the expected accuracy,
 * and exchanging the answers of a pair, with 1 − p for p, changes nothing. With uncertain labels no
 * score reaches 1; the highest expected accuracy is the mean of {@code max(p, 1 − p)}, and a pair
 * with p = ½ adds ½ whatever its scores: {@link #ceiling}. Intervals are {@linkplain
 * Estimates#proportion(double[]) Wilson's} at level 0.95. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class PairwiseAccuracy {

  private PairwiseAccuracy() {}

  /**
   * Returns the expected accuracy, equal scores counted one half.
   *
   * @param differences score of the first answer less that of the second, by pair
   * @param probabilities that the first answer is the better one, by pair, in [0, 1]
   * @throws IllegalArgumentException if the lengths differ, a difference is NaN or a probability is
   *     not in [0, 1], named by its index
   */
  public static Estimate of(double[] differences, double[] probabilities) {
    return Estimates.proportion(outcomes(differences, probabilities));
  }

  /**
   * Returns the expected accuracy, equal scores counted one half, of pairs that depend on each
   * other within clusters, such as pairs of answers to one prompt.
   *
   * @param differences score of the first answer less that of the second, by pair
   * @param probabilities that the first answer is the better one, by pair, in [0, 1]
   * @param clusters the cluster of each pair, any numbers
   * @return with the interval of {@link Estimates#clusteredProportion(double[], int[])}
   * @throws IllegalArgumentException if the lengths differ, a difference is NaN or a probability is
   *     not in [0, 1], named by its index
   */
  public static Estimate of(double[] differences, double[] probabilities, int[] clusters) {
    return Estimates.clusteredProportion(outcomes(differences, probabilities), clusters);
  }

  /**
   * Returns the highest expected accuracy that any score can reach, the mean of {@code max(p, 1 −
   * p)}; 1 when all labels are certain.
   *
   * @param probabilities that the first answer is the better one, by pair, in [0, 1]
   * @return from ½ to 1; NaN of no pair
   * @throws IllegalArgumentException if a probability is not in [0, 1], named by its index
   */
  public static double ceiling(double[] probabilities) {
    Checks.requireProbabilities("probabilities", probabilities);
    return Moments.mean(Arrays.stream(probabilities).map(p -> Math.max(p, 1 - p)).toArray());
  }

  /**
   * Returns the expected accuracy on pairs with different scores, the others counted as unscored.
   * It is not comparable with {@link #of}, where a tie counts one half.
   *
   * @param differences score of the first answer less that of the second, by pair
   * @param probabilities that the first answer is the better one, by pair, in [0, 1]
   * @throws IllegalArgumentException as {@link #of}
   */
  public static Estimate withoutTies(double[] differences, double[] probabilities) {
    double[] all = outcomes(differences, probabilities);
    double[] scored = new double[all.length];
    int n = 0;
    for (int i = 0; i < all.length; i++) {
      if (differences[i] != 0) {
        scored[n++] = all[i];
      }
    }
    return Estimates.withMissing(Estimates.proportion(Arrays.copyOf(scored, n)), all.length - n, 0);
  }

  /**
   * Returns by pair the probability that the answer with the higher score is the better one, ½ for
   * equal scores: the outcomes of a {@link ReliabilityTable}.
   *
   * @param differences score of the first answer less that of the second, by pair
   * @param probabilities that the first answer is the better one, by pair, in [0, 1]
   * @throws IllegalArgumentException as {@link #of}
   */
  public static double[] outcomes(double[] differences, double[] probabilities) {
    Checks.requireSameLength(
        "differences", differences.length, "probabilities", probabilities.length);
    Checks.requireProbabilities("probabilities", probabilities);
    double[] outcomes = new double[differences.length];
    for (int i = 0; i < outcomes.length; i++) {
      if (Double.isNaN(differences[i])) {
        throw new IllegalArgumentException(
            "differences[" + i + "] must be a number but was NaN; leave missing scores out");
      }
      outcomes[i] =
          differences[i] > 0 ? probabilities[i] : differences[i] < 0 ? 1 - probabilities[i] : 0.5;
    }
    return outcomes;
  }
}
