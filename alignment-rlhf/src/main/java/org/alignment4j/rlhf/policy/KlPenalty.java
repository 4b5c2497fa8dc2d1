package org.alignment4j.rlhf.policy;

import java.util.Objects;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A penalty on the divergence from the reference that stands in the loss. In expectation over
 * samples of the policy, the gradient of k2 is that of {@code KL(π‖π_ref)}, that of k3 the one of
 * {@code KL(π_ref‖π)}, and that of k1 is 0. Multiplied with the importance ratio, through which the
 * gradient flows, k1 and k3 have the gradient of {@code KL(π‖π_ref)} (TRL {@code
 * use_bias_correction_kl}).
 *
 * @param estimator the estimator
 * @param coefficient β, positive and finite
 * @param biasCorrected whether it is multiplied with the importance ratio
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KlPenalty(KlEstimator estimator, double coefficient, boolean biasCorrected) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite, or the estimator is k1
   *     without the ratio, which would pull nowhere
   */
  public KlPenalty {
    Objects.requireNonNull(estimator, "estimator");
    Settings.requirePositive("coefficient", coefficient);
    if (!biasCorrected && !estimator.meansInLoss()) {
      throw new IllegalArgumentException(
          estimator
              + " has no expected gradient in a loss; take K2, correct its bias, or put the penalty"
              + " into the reward");
    }
  }

  /**
   * Returns the penalty of GRPO (arXiv 2402.03300, eq. 4).
   *
   * @param coefficient β, positive
   * @return k3 without correction
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static KlPenalty k3(double coefficient) {
    return new KlPenalty(KlEstimator.K3, coefficient, false);
  }

  /**
   * Returns the penalty whose gradient is right on samples of the policy itself.
   *
   * @param coefficient β, positive
   * @return k2 without correction
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static KlPenalty k2(double coefficient) {
    return new KlPenalty(KlEstimator.K2, coefficient, false);
  }

  /** The estimate at each token, {@code [rows]}, without coefficient. */
  Value estimates(Ops ops, PolicyTokens tokens, Value ratio) {
    Value estimates = estimates(ops, estimator, tokens);
    return biasCorrected ? ops.mul(estimates, ratio) : estimates;
  }

  static Value estimates(Ops ops, KlEstimator estimator, PolicyTokens tokens) {
    Value delta = ops.sub(tokens.policy(), tokens.reference());
    return switch (estimator) {
      case K1 -> delta;
      case K2 -> ops.scale(ops.square(delta), 0.5);
      case K3 -> {
        Value x = ops.min(ops.neg(delta), ops.constant(KlEstimator.MAX_EXPONENT));
        yield ops.sub(expm1(ops, x), x);
      }
    };
  }

  /** {@code e^x − 1 = tanh(x/2)·(e^x + 1)}, which loses no digits near 0. */
  private static Value expm1(Ops ops, Value x) {
    return ops.mul(ops.tanh(ops.scale(x, 0.5)), ops.shift(ops.exp(x), 1));
  }
}
