package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Mean and variance of every number seen so far, which bring rewards of a drifting reward model to
 * one scale. Two sets merge as Chan, Golub and LeVeque 1979 (eq. 2.1) show, so that the result is
 * that of all numbers at once. Immutable and thread-safe.
 *
 * @param count numbers seen, a whole number from 0
 * @param mean their mean; 0 of nothing
 * @param squares sum of their squared deviations from the mean, not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RunningMoments(double count, double mean, double squares)
    implements NumericState<RunningMoments> {

  /**
   * Checks the moments.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public RunningMoments {
    Settings.requireNotNegative("count", count);
    if (count != Math.rint(count)) {
      throw new IllegalArgumentException("count must be a whole number but was " + count);
    }
    Settings.requireFinite("mean", mean);
    Settings.requireNotNegative("squares", squares);
  }

  /**
   * Returns the moments of nothing.
   *
   * @return moments of count 0
   */
  public static RunningMoments empty() {
    return new RunningMoments(0, 0, 0);
  }

  /**
   * Returns the moments of given numbers.
   *
   * @param values finite numbers
   * @return their moments
   * @throws IllegalArgumentException when a number is not finite
   */
  public static RunningMoments of(double... values) {
    double mean = MaskedStatistics.mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new RunningMoments(values.length, mean, squares);
  }

  /**
   * Merges with the moments of further numbers.
   *
   * @param other moments of the further numbers
   * @return moments of both together
   */
  public RunningMoments merge(RunningMoments other) {
    double n = count + other.count;
    if (n == 0) {
      return this;
    }
    double delta = other.mean - mean;
    return new RunningMoments(
        n,
        mean + delta * other.count / n,
        squares + other.squares + delta * delta * count * other.count / n);
  }

  /**
   * Returns the variance.
   *
   * @param variance the divisor
   * @return the variance; 0 of fewer than two numbers
   */
  public double variance(Variance variance) {
    return count < 2 ? 0 : squares / (variance == Variance.BESSEL ? count - 1 : count);
  }

  /**
   * Brings numbers to mean 0 and variance 1 by these moments: {@code (x − μ)/√(σ² + 1e-8)}.
   *
   * @param values the numbers
   * @param variance the divisor of σ²
   * @return new numbers; unchanged where fewer than two have been seen, since nothing is known of
   *     their scale
   */
  public double[] normalise(double[] values, Variance variance) {
    double[] out = values.clone();
    if (count < 2) {
      return out;
    }
    double scale = 1 / Math.sqrt(variance(variance) + MaskedStatistics.EPSILON);
    for (int i = 0; i < out.length; i++) {
      out[i] = (out[i] - mean) * scale;
    }
    return out;
  }

  @Override
  public Map<String, List<Double>> state() {
    return Map.of("count", List.of(count), "mean", List.of(mean), "squares", List.of(squares));
  }

  @Override
  public RunningMoments restored(Map<String, List<Double>> state) {
    return new RunningMoments(
        States.number(state, "count"),
        States.number(state, "mean"),
        States.number(state, "squares"));
  }
}
