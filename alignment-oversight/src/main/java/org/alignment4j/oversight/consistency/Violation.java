package org.alignment4j.oversight.consistency;

import java.util.Arrays;
import org.alignment4j.core.statistics.Correlation;
import org.apiguardian.api.API;

/**
 * How far answers contradict each other, from 0 to 1 (Fluri et al. 2023, Evaluating Superhuman
 * Models with Consistency Checks). Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Violation {
  /** What is more than this is a strong violation. */
  public static final double STRONG = 0.2;

  private Violation() {}

  /**
   * Returns {@code |P(A) + P(¬A) − 1|}.
   *
   * @throws IllegalArgumentException if one is no probability
   */
  public static double negation(double probability, double ofNegation) {
    requireProbabilities(probability, ofNegation);
    return Math.abs(probability + ofNegation - 1);
  }

  /**
   * Returns the largest probability less the smallest.
   *
   * @throws IllegalArgumentException if there are fewer than two or one is no probability
   */
  public static double paraphrase(double... probabilities) {
    requireSeveralProbabilities(probabilities);
    return Arrays.stream(probabilities).max().orElseThrow()
        - Arrays.stream(probabilities).min().orElseThrow();
  }

  /**
   * Returns {@code (1 − ρ)/2} with Spearman's ρ of values and expected order: 0 in order, 1 in the
   * reverse order. Where all values are equal, ρ is undefined and the violation ½.
   *
   * @param values in the order in which they are expected to rise, finite
   * @throws IllegalArgumentException if there are fewer than two or one is not finite
   */
  public static double monotonicity(double... values) {
    double[] order = new double[values.length];
    Arrays.setAll(order, i -> i);
    return disorder(values, order);
  }

  /**
   * Returns {@code (1 − ρ)/2} with Spearman's ρ of two series; ½ where one is constant.
   *
   * @throws IllegalArgumentException if lengths differ, there are fewer than two or one is not
   *     finite
   */
  static double disorder(double[] values, double[] order) {
    requireTwo(values);
    return constant(values) || constant(order)
        ? 0.5
        : (1 - Correlation.SPEARMAN.of(values, order).value()) / 2;
  }

  /**
   * Returns {@code √|P(A|B)·P(B) − P(B|A)·P(A)|}.
   *
   * @throws IllegalArgumentException if one is no probability
   */
  public static double bayes(double a, double b, double aGivenB, double bGivenA) {
    requireProbabilities(a, b, aGivenB, bGivenA);
    return Math.sqrt(Math.abs(aGivenB * b - bGivenA * a));
  }

  static boolean constant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  static void requireSeveralProbabilities(double... values) {
    requireProbabilities(values);
    requireTwo(values);
  }

  private static void requireTwo(double[] values) {
    if (values.length < 2) {
      throw new IllegalArgumentException(
          "there must be at least two values but there were " + values.length);
    }
  }

  static void requireProbabilities(double... values) {
    for (double value : values) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("a probability must be in [0, 1] but was " + value);
      }
    }
  }
}
