package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The loss of RLOO that takes a completion as one action (Ahmadian et al. 2024, arXiv 2402.14740;
 * TRL {@code rloo_trainer.py}): the clipped surrogate of {@code exp(Σ_t(log π − log π_old))}, the
 * same at each token. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#sequenceMean()}. verl and OpenRLHF take the ratio of
 * tokens instead: {@link PolicyLoss#ppo()}.
 *
 * @param epsilonLow ε_low, in [0, 1]; 0.2 in TRL
 * @param epsilonHigh ε_high, finite and not negative; 0.2 in TRL
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RlooLoss(double epsilonLow, double epsilonHigh) implements PolicyLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public RlooLoss {
    Settings.requireClip(epsilonLow, epsilonHigh);
  }

  @Override
  public Value ratio(Ops ops, PolicyTokens tokens) {
    return Ratios.ofSequences(ops, tokens);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    PpoLoss settings = PolicyLoss.ppo(epsilonLow, epsilonHigh);
    return ClippedSurrogate.terms(ops, tokens, ratio(ops, tokens), settings);
  }
}
