package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.apiguardian.api.API;

/**
 * The clipped surrogate of PPO (Schulman et al. 2017, arXiv 1707.06347, eq. 7) at tokens: {@code
 * −min(ρ·A, clip(ρ, 1−ε_low, 1+ε_high)·A)} with {@code ρ = π/π_old}. A ratio that has moved beyond
 * its bound in the direction of the advantage has no gradient. GRPO (arXiv 2402.03300, eq. 3)
 * averages it over sequences, DAPO (arXiv 2503.14476, eq. 8) over tokens.
 *
 * <p>Beyond {@code e^±20} a ratio is cut and has no gradient.
 *
 * @param epsilonLow ε_low, in [0, 1]; 0.2 is usual
 * @param epsilonHigh ε_high, finite and not negative; 0.2 is usual, 0.28 in DAPO
 * @param dualClip c: the loss of a token of negative advantage is at most {@code −c·A} (Ye et al.
 *     2020, arXiv 1912.09729, eq. 5), above 1; 3 is usual, infinite for none
 * @param delta δ: a ratio counts at most this much, whatever the advantage (INTELLECT-2, arXiv
 *     2505.07291), above {@code 1 + ε_high}; infinite for none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PpoLoss(double epsilonLow, double epsilonHigh, double dualClip, double delta)
    implements PolicyLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public PpoLoss {
    Settings.requireClip(epsilonLow, epsilonHigh);
    if (!(dualClip > 1)) {
      throw new IllegalArgumentException(
          "dualClip must be above 1, or infinite for none, but was " + dualClip);
    }
    if (!(delta > 1 + epsilonHigh)) {
      throw new IllegalArgumentException(
          "delta must be above 1 + epsilonHigh = %s, or infinite for none, but was %s"
              .formatted(1 + epsilonHigh, delta));
    }
  }

  /**
   * Returns this loss with a dual clip.
   *
   * @param dualClip c, above 1
   * @return the loss
   * @throws IllegalArgumentException when c is not above 1
   */
  public PpoLoss withDualClip(double dualClip) {
    return new PpoLoss(epsilonLow, epsilonHigh, dualClip, delta);
  }

  /**
   * Returns this loss with a bound on the ratio.
   *
   * @param delta δ, above {@code 1 + ε_high}
   * @return the loss
   * @throws IllegalArgumentException when δ is too small
   */
  public PpoLoss withDelta(double delta) {
    return new PpoLoss(epsilonLow, epsilonHigh, dualClip, delta);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    return ClippedSurrogate.terms(ops, tokens, ratio(ops, tokens), this);
  }
}
