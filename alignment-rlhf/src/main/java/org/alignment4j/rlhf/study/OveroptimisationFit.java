package org.alignment4j.rlhf.study;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * A curve of Gao et al. fitted to rewards at distances d = √KL(π‖π₀) from the initial policy.
 *
 * @param form which curve
 * @param alpha α, the slope at the start
 * @param beta β, how it falls
 * @param residual root of the mean squared residual of the points at distances above 0, in the
 *     rewards' unit
 * @param low the smallest distance there was
 * @param high the largest distance there was
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record OveroptimisationFit(
    OveroptimisationForm form,
    double alpha,
    double beta,
    double residual,
    double low,
    double high) {

  private static final int LEAST = 3;

  /** Checks that nothing is missing. */
  public OveroptimisationFit {
    Objects.requireNonNull(form, "form");
  }

  /**
   * Fits a curve by linear least squares with the reward 0 at the distance 0.
   *
   * @param form which curve
   * @param distances d, not negative; those of 0 hold by the form and add nothing
   * @param rewards in standard deviations of the reward under the initial policy, less its mean
   * @return the fit
   * @throws IllegalArgumentException when the lengths differ, a number is not finite, a distance is
   *     negative, or there are fewer than 3 different distances above 0
   */
  public static OveroptimisationFit of(
      OveroptimisationForm form, double[] distances, double[] rewards) {
    if (distances.length != rewards.length) {
      throw new IllegalArgumentException(
          "distances and rewards must have the same length but have %s and %s"
              .formatted(distances.length, rewards.length));
    }
    for (int i = 0; i < distances.length; i++) {
      if (!(distances[i] >= 0) || Double.isInfinite(distances[i])) {
        throw new IllegalArgumentException(
            "distances[%s] must be finite and not negative but was %s".formatted(i, distances[i]));
      }
      if (!Double.isFinite(rewards[i])) {
        throw new IllegalArgumentException(
            "rewards[%s] must be finite but was %s".formatted(i, rewards[i]));
      }
    }
    long different = different(distances);
    if (different < LEAST) {
      throw new IllegalArgumentException(
          "a curve must be fitted to at least %s different distances above 0 but there are %s; add"
                  .formatted(LEAST, different)
              + " larger n or more checkpoints");
    }
    return fitted(form, distances, rewards);
  }

  /** Whether there are distances enough. */
  static boolean possible(double[] distances) {
    return different(distances) >= LEAST;
  }

  private static long different(double[] distances) {
    return Arrays.stream(distances).filter(d -> d > 0).distinct().count();
  }

  /** Gram and Schmidt's orthogonal columns keep digits that normal equations lose. */
  private static OveroptimisationFit fitted(
      OveroptimisationForm form, double[] distances, double[] rewards) {
    double[] falling = Arrays.stream(distances).map(d -> -form.falling(d)).toArray();
    double along = product(distances, falling) / product(distances, distances);
    double[] rest = new double[falling.length];
    Arrays.setAll(rest, i -> falling[i] - along * distances[i]);
    double slope = product(distances, rewards) / product(distances, distances);
    double[] left = new double[rewards.length];
    Arrays.setAll(left, i -> rewards[i] - slope * distances[i]);
    double beta = product(rest, left) / product(rest, rest);
    double alpha = slope - along * beta;
    double squares = 0;
    int fittedTo = 0;
    for (int i = 0; i < rewards.length; i++) {
      if (distances[i] == 0) {
        continue;
      }
      fittedTo++;
      double residual = rewards[i] - form.value(distances[i], alpha, beta);
      squares += residual * residual;
    }
    return new OveroptimisationFit(
        form,
        alpha,
        beta,
        Math.sqrt(squares / fittedTo),
        Arrays.stream(distances).min().orElseThrow(),
        Arrays.stream(distances).max().orElseThrow());
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  /**
   * Returns the fitted reward at a distance.
   *
   * @param d not negative
   * @return the reward
   */
  public double value(double d) {
    return form.value(d, alpha, beta);
  }

  /**
   * Returns the distance at which the fitted reward is highest: {@code α/(2β)} for best of n,
   * {@code e^{α/β − 1}} for reinforcement learning.
   *
   * @return the distance; empty where the curve only rises (β ≤ 0) or only falls
   */
  public OptionalDouble peak() {
    if (!(beta > 0)) {
      return OptionalDouble.empty();
    }
    double peak = form.peak(alpha, beta);
    return peak > 0 && peak < Double.POSITIVE_INFINITY
        ? OptionalDouble.of(peak)
        : OptionalDouble.empty();
  }

  /**
   * Returns what the fit says.
   *
   * @return the verdict
   */
  public OveroptimisationVerdict verdict() {
    if (!(beta > 0)) {
      return OveroptimisationVerdict.NOT_OBSERVED;
    }
    OptionalDouble peak = peak();
    if (peak.isEmpty()) {
      return alpha > 0
          ? OveroptimisationVerdict.EXTRAPOLATED
          : OveroptimisationVerdict.FALLS_AT_ONCE;
    }
    return peak.getAsDouble() >= low && peak.getAsDouble() <= high
        ? OveroptimisationVerdict.PEAK_OBSERVED
        : OveroptimisationVerdict.EXTRAPOLATED;
  }
}
