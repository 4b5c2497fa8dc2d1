package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Group sequence policy optimisation (Zheng et al. 2025, arXiv 2507.18071, eq. 5 and 7): the
 * clipped surrogate of the ratio of sequences, {@code s = exp(mean_t(log π − log π_old))}, the same
 * at each token. Added up by {@link org.alignment4j.rlhf.advantage.TokenWeights#sequenceMean()};
 * the sums of sequences make it LUSPO.
 *
 * @param epsilonLow ε_low, in [0, 1]; 3e-4 in the paper
 * @param epsilonHigh ε_high, finite and not negative; 4e-4 in the paper
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GspoLoss(double epsilonLow, double epsilonHigh) implements PolicyLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public GspoLoss {
    Settings.requireClip(epsilonLow, epsilonHigh);
  }

  @Override
  public Value ratio(Ops ops, PolicyTokens tokens) {
    return Ratios.meansOfSequences(ops, tokens);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    PpoLoss settings = PolicyLoss.ppo(epsilonLow, epsilonHigh);
    return ClippedSurrogate.terms(ops, tokens, ratio(ops, tokens), settings);
  }
}
