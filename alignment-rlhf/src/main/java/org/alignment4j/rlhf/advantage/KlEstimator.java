package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Estimators of {@code KL(π‖π_ref)} from tokens sampled from π (Schulman 2020, "Approximating KL
 * divergence"), with {@code Δ = log π − log π_ref}.
 *
 * <p>Subtracted from a reward, where no gradient flows, each may stand. Added to a loss, what
 * counts is not the value but the expected gradient, and those differ: see {@link #meansInLoss()}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum KlEstimator {
  /** {@code Δ}: unbiased, may be negative. Its gradient is 0 in expectation. */
  K1,
  /**
   * {@code |Δ|} (verl {@code abs}): never negative, in expectation no less than the divergence. Its
   * gradient is that of {@code Σ_v |π(v) − π_ref(v)|}, twice the total variation.
   */
  ABSOLUTE_K1,
  /** {@code ½Δ²}: biased, never negative. Its gradient is that of {@code KL(π‖π_ref)}. */
  K2,
  /**
   * {@code e^{−Δ} − 1 + Δ}: unbiased, never negative, of lower variance. Its gradient is that of
   * {@code KL(π_ref‖π)}.
   */
  K3;

  /**
   * Where −Δ is cut off in {@link #K3}: beyond, the exponential leaves 32-bit range soon. It is cut
   * in both places it stands, since in the exponential alone the gradient would change its sign.
   */
  public static final double MAX_EXPONENT = 20;

  /**
   * Estimates the divergence at a token.
   *
   * @param policy log-probability of the token under π
   * @param reference log-probability of the token under π_ref
   * @return the estimate, in nats
   */
  public double value(double policy, double reference) {
    double delta = policy - reference;
    return switch (this) {
      case K1 -> delta;
      case ABSOLUTE_K1 -> Math.abs(delta);
      case K2 -> 0.5 * delta * delta;
      case K3 -> {
        double x = Math.min(-delta, MAX_EXPONENT);
        yield Math.expm1(x) - x;
      }
    };
  }

  /**
   * Estimates the divergence at each token.
   *
   * @param policy log-probabilities under π
   * @param reference log-probabilities under π_ref, of the same shape
   * @return the estimates, of the same shape
   * @throws IllegalArgumentException when the shapes differ
   */
  public TokenValues values(TokenValues policy, TokenValues reference) {
    return policy.combine(reference, this::value);
  }

  /**
   * Returns whether the estimator as a term of a loss pulls anywhere. {@link #K1} does not, unless
   * it is multiplied with the importance ratio.
   *
   * @return whether its expected gradient on samples of π is not 0
   */
  public boolean meansInLoss() {
    return this != K1;
  }
}
