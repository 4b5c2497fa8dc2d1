package org.alignment4j.rlhf.policy;

import java.util.Objects;
import org.alignment4j.rlhf.advantage.KlEstimator;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A penalty on the divergence from the reference that stands in the loss. In expectation over
 * samples of the policy, the gradient of k2 is that of {@code KL(π‖π_ref)}, that of k3 the one of
 * {@code KL(π_ref‖π)}, and that of k1 is 0; {@link Gradient} has ways to the gradient of {@code
 * KL(π‖π_ref)} with the value of another estimator than k2.
 *
 * @param estimator the estimator
 * @param coefficient β, positive and finite; constant, as {@link
 *     org.alignment4j.rlhf.advantage.KlController} acts on the penalty in the reward only
 * @param gradient what its gradient is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KlPenalty(KlEstimator estimator, double coefficient, Gradient gradient) {

  /** What the gradient of a penalty is. */
  public enum Gradient {
    /** The estimator's own. */
    ESTIMATOR,
    /**
     * That of the estimator multiplied with the importance ratio, through which it flows: of {@code
     * KL(π‖π_ref)} for k1 and k3 (TRL {@code use_bias_correction_kl}).
     */
    BIAS_CORRECTED,
    /**
     * That of k2, while the value is the estimator's, which passes no gradient: straight-through
     * (verl {@code k1+}, {@code k3+}). On samples of the policy itself that of {@code KL(π‖π_ref)}.
     */
    STRAIGHT_THROUGH
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when β is not positive and finite, or the estimator is k1 with
   *     its own gradient, which would pull nowhere
   */
  public KlPenalty {
    Objects.requireNonNull(estimator, "estimator");
    Objects.requireNonNull(gradient, "gradient");
    Settings.requirePositive("coefficient", coefficient);
    if (gradient == Gradient.ESTIMATOR && !estimator.meansInLoss()) {
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
    return new KlPenalty(KlEstimator.K3, coefficient, Gradient.ESTIMATOR);
  }

  /**
   * Returns the penalty whose gradient is right on samples of the policy itself.
   *
   * @param coefficient β, positive
   * @return k2 without correction
   * @throws IllegalArgumentException when β is not positive and finite
   */
  public static KlPenalty k2(double coefficient) {
    return new KlPenalty(KlEstimator.K2, coefficient, Gradient.ESTIMATOR);
  }

  /** The estimate at each token, {@code [rows]}, without coefficient. */
  Value estimates(Ops ops, PolicyTokens tokens, Value ratio) {
    Value estimates = estimates(ops, estimator, tokens);
    return switch (gradient) {
      case ESTIMATOR -> estimates;
      case BIAS_CORRECTED -> ops.mul(estimates, ratio);
      case STRAIGHT_THROUGH -> {
        Value k2 = estimates(ops, KlEstimator.K2, tokens);
        yield ops.add(ops.detached(estimates), ops.sub(k2, ops.detached(k2)));
      }
    };
  }

  static Value estimates(Ops ops, KlEstimator estimator, PolicyTokens tokens) {
    Value delta = ops.sub(tokens.policy(), tokens.reference());
    return switch (estimator) {
      case K1 -> delta;
      case ABSOLUTE_K1 -> ops.abs(delta);
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
