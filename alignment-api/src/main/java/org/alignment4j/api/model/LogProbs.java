package org.alignment4j.api.model;

import java.util.Arrays;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The log-probabilities (natural logarithm) of the tokens of a text, one each, in order; immutable,
 * compared by content.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class LogProbs {
  /** How far above 0 rounding in single precision may carry a log-probability. */
  private static final double ROUNDING = 1e-3;

  private final double[] values;

  private LogProbs(double[] values) {
    this.values = values;
  }

  /**
   * Returns a sequence of the given log-probabilities.
   *
   * @param values natural logarithms, at most 0 but for rounding; negative infinity for a token
   *     that cannot occur; copied
   * @return the sequence
   * @throws IllegalArgumentException when a value is NaN or above 0 by more than rounding
   */
  public static LogProbs of(double... values) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] <= ROUNDING)) {
        throw new IllegalArgumentException(
            "log-probabilities must be at most 0 but the one at index " + i + " was " + values[i]);
      }
    }
    return new LogProbs(values.clone());
  }

  /**
   * Returns a sequence of the given single-precision log-probabilities.
   *
   * @param values as in {@link #of(double...)}
   * @return the sequence
   * @throws IllegalArgumentException when a value is NaN or above 0 by more than rounding
   */
  public static LogProbs of(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return of(wide);
  }

  /**
   * Returns the number of tokens.
   *
   * @return the length
   */
  public int size() {
    return values.length;
  }

  /**
   * Returns one log-probability.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the value there
   * @throws IndexOutOfBoundsException when the index is outside
   */
  public double get(int index) {
    return values[index];
  }

  /**
   * Returns the log-probability of the whole text.
   *
   * @return the sum; 0 for no tokens
   */
  public double sum() {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /**
   * Returns the mean log-probability per token.
   *
   * @return the mean; NaN for no tokens
   */
  public double mean() {
    return values.length == 0 ? Double.NaN : sum() / values.length;
  }

  /**
   * Returns the perplexity {@code exp(-mean)}.
   *
   * @return at least 1 but for rounding; NaN for no tokens
   */
  public double perplexity() {
    return Math.exp(-mean());
  }

  /**
   * Returns a copy as an array.
   *
   * @return a new array
   */
  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LogProbs that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
